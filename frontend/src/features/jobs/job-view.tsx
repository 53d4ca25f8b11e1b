import { Lock, SearchX } from "lucide-react";
import { type ReactNode, useState } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { Note } from "@/components/ui/note";
import { ProblemNote } from "@/components/ui/problem-note";
import { CancelButton, DeleteButton, RetryButton } from "@/features/jobs/job-actions";
import { JobProgress, JobTimes } from "@/features/jobs/job-progress";
import { isActive, STATUS_LOOKS, StatusBadge } from "@/features/jobs/job-status";
import { jobTitle } from "@/features/jobs/job-title";
import { useJob, useSteps } from "@/features/jobs/queries";
import { RestartNote } from "@/features/jobs/restart-note";
import { ApiProblem } from "@/lib/api/client";
import type { Job, Step } from "@/lib/api/types";
import { formatPercent, formatTime } from "@/lib/format";
import { useTitle } from "@/lib/use-title";

interface JobViewProps {
  id: string;
  stepWords: [one: string, many: string];
  onDeleted: () => void;
  /** Shows what the job is about; of a kind that nobody knows, its data. */
  children: (job: Job, steps: Step[]) => ReactNode;
}

/** One job, whatever its kind: state, progress, what may be done with it. */
export function JobView({ id, stepWords, onDeleted, children }: JobViewProps) {
  const { data: job, error, refetch } = useJob(id);
  const restarted = job?.attempts.some(({ outcome }) => outcome === "interrupted") ?? false;
  const { data: steps = [] } = useSteps(id, job !== undefined && (restarted || job.status !== "completed"));
  const [problem, setProblem] = useState<Error | null>(null);
  useTitle(job ? tabTitle(job) : "Job");

  if (error instanceof ApiProblem && error.status === 404) {
    return (
      <EmptyState icon={SearchX} title="There is no such job" heading="h1">
        <p className="text-muted">It was deleted, or it belongs to another data folder.</p>
      </EmptyState>
    );
  }
  if (!job)
    return error ? <ProblemNote error={error} onRetry={refetch} /> : <p role="status">Loading the job …</p>;

  return (
    <div className="flex flex-col gap-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 font-semibold text-xl">{jobTitle(job)}</h1>
        <span role="status" className="flex">
          <StatusBadge job={job} />
        </span>
        <div className="ml-auto flex gap-2">
          <CancelButton job={job} onProblem={setProblem} />
          <RetryButton job={job} onProblem={setProblem} />
          <DeleteButton job={job} onProblem={setProblem} onDeleted={onDeleted} />
        </div>
      </header>
      {isActive(job) ? <JobProgress job={job} /> : <Ending job={job} />}
      {isActive(job) && (
        <p className="flex items-start gap-2 text-muted text-sm">
          <Lock aria-hidden className="mt-0.5 size-4 shrink-0" />
          You can lock your screen or close this tab. The job runs in the background.
        </p>
      )}
      {problem && <ProblemNote error={problem} />}
      <RestartNote job={job} steps={steps} stepWords={stepWords} />
      {job.error && (
        <Note tone="bad" title={job.status === "failed" ? "The job failed" : "The last attempt failed"}>
          <span className="whitespace-pre-wrap">{job.error}</span>
        </Note>
      )}
      {children(job, steps)}
    </div>
  );
}

function Ending({ job }: { job: Job }) {
  return (
    <p className="text-muted text-sm">
      Created {formatTime(job.created_at)}
      {job.finished_at && `, ended ${formatTime(job.finished_at)}`} · <JobTimes job={job} />
      {job.progress < 100 && ` · stopped at ${formatPercent(job.progress)}`}
    </p>
  );
}

function tabTitle(job: Job): string {
  if (job.status === "running") return `(${formatPercent(job.progress)}) ${jobTitle(job)}`;
  return `${STATUS_LOOKS[job.status].mark}${jobTitle(job)}`;
}
