import { jobTitle } from "@/features/jobs/job-title";
import { useJob, useSteps } from "@/features/jobs/queries";
import { comparisonOf, finishedCells } from "@/features/results/comparison";
import { type EarlierAnswers, earlierAnswers, useForerunners } from "@/features/results/earlier-answers";
import type { Job } from "@/lib/api/types";
import { count, formatTime } from "@/lib/format";

interface Earlier {
  /** Null until the earlier comparison is there. */
  answers: EarlierAnswers | null;
  error: Error | null;
}

/** The answers of an earlier comparison to what this job asks; none while no job is chosen. */
export function useEarlier(chosen: string | null, { job_id }: Job): Earlier {
  const { data: job, error } = useJob(chosen ?? job_id); // this very job is at hand
  const { steps } = useSteps(job, chosen !== null && job !== undefined && job.status !== "completed");
  if (chosen === null) return { answers: null, error: null };
  return {
    answers: job ? earlierAnswers(finishedCells(job, steps).values()) : null,
    error: job && !comparisonOf(job) ? new Error("That job compares nothing: choose another one.") : error,
  };
}

interface EarlierPickerProps {
  jobId: string;
  chosen: string | null;
  onChoose: (jobId: string | null) => void;
}

/** Chooses an earlier comparison to hold the answers against; nothing where there is none. */
export function EarlierPicker({ jobId, chosen, onChoose }: EarlierPickerProps) {
  const jobs = useForerunners(jobId);
  const { data: job } = useJob(chosen ?? jobId);
  if (jobs.length === 0 && chosen === null) return null;
  const listed = jobs.some(({ job_id }) => job_id === chosen);
  return (
    <select
      aria-label="Compare with an earlier job"
      value={chosen ?? ""}
      onChange={({ target }) => onChoose(target.value || null)}
      className="min-h-9 max-w-60 truncate rounded-md border border-edge bg-panel px-2 text-sm"
    >
      <option value="">
        {chosen === null ? "Compare with an earlier job" : "Compare with no earlier job"}
      </option>
      {chosen !== null && !listed && <option value={chosen}>{job ? jobTitle(job) : chosen}</option>}
      {jobs.map(({ job_id, title, created_at, shared }) => (
        <option key={job_id} value={job_id}>
          {formatTime(created_at)} · {title || job_id} · {count(shared, "same cell", "same cells")}
        </option>
      ))}
    </select>
  );
}
