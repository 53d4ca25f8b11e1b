import { Choice } from "@/components/ui/choice";
import { STATUS_LOOKS, STATUSES } from "@/features/jobs/job-status";
import type { JobStatus } from "@/lib/api/types";

interface StatusFilterProps {
  chosen: JobStatus | null;
  counts: Record<JobStatus, number> | undefined;
  onChoose: (status: JobStatus | null) => void;
}

/** Which jobs the list shows, with how many there are of each. */
export function StatusFilter({ chosen, counts, onChoose }: StatusFilterProps) {
  const total = counts && STATUSES.reduce((sum, status) => sum + counts[status], 0);
  return (
    <fieldset className="-mx-1 flex min-w-0 overflow-x-auto px-1 py-0.5">
      <legend className="sr-only">Show jobs by status</legend>
      <Choice word="All" number={total} pressed={chosen === null} onPress={() => onChoose(null)} />
      {STATUSES.map((status) => (
        <Choice
          key={status}
          word={STATUS_LOOKS[status].word}
          number={counts?.[status]}
          pressed={chosen === status}
          onPress={() => onChoose(status)}
        />
      ))}
    </fieldset>
  );
}
