import { ProgressBar } from "@/components/ui/progress-bar";
import { isActive } from "@/features/jobs/job-status";
import { formatTimeLeft, timeLeft } from "@/features/jobs/time-left";
import type { Job, JobSummary } from "@/lib/api/types";
import { formatPercent, formatSeconds, formatTime, secondsBetween } from "@/lib/format";
import { useNow } from "@/lib/use-now";

/** The bar, the message beside it, and how long the job has waited and worked. */
export function JobProgress({ job }: { job: Job }) {
  const left = timeLeft(job, useNow(1_000, job.status === "running"));
  return (
    <div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
        <span className="font-semibold text-base tabular-nums">{formatPercent(job.progress)}</span>
        <span className="min-w-0 text-muted max-sm:order-last max-sm:basis-full sm:flex-1">
          {job.progress_message}
        </span>
        <span className="text-muted tabular-nums">
          <JobTimes job={job} />
          {left !== null && ` · ${formatTimeLeft(left)}`}
        </span>
      </div>
      <div className="mt-1.5">
        <ProgressBar percent={job.progress} label="Progress" message={job.progress_message} />
      </div>
    </div>
  );
}

export function JobTimes({ job }: { job: JobSummary }) {
  const now = useNow(1_000, isActive(job));
  const parts = [];
  if (job.status === "pending" && job.run_at && new Date(job.run_at) > now) {
    parts.push(`starts at ${formatTime(job.run_at, now)}`);
  } else if (job.status === "pending") {
    parts.push(`waiting ${formatSeconds(Math.floor(secondsBetween(job.created_at, null, now)))}`);
  }
  if (job.started_at && job.status !== "pending") {
    const took = secondsBetween(job.started_at, job.finished_at, now);
    parts.push(
      job.finished_at ? `took ${formatSeconds(took)}` : `running ${formatSeconds(Math.floor(took))}`,
    );
  }
  return <span className="text-muted tabular-nums">{parts.join(" · ")}</span>;
}
