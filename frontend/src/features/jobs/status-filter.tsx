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
    <fieldset className="flex flex-wrap gap-1">
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

interface ChoiceProps {
  word: string;
  number: number | undefined;
  pressed: boolean;
  onPress: () => void;
}

function Choice({ word, number, pressed, onPress }: ChoiceProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className={`min-h-9 rounded-full px-3 text-sm ${pressed ? "bg-accent-soft font-semibold text-accent" : "text-muted hover:bg-sunken"}`}
    >
      {word} {number !== undefined && <span className="tabular-nums">{number.toLocaleString("en-US")}</span>}
    </button>
  );
}
