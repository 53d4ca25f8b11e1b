import { Star } from "lucide-react";
import { Link } from "wouter";
import { Age } from "@/components/ui/age";
import { ProgressBar } from "@/components/ui/progress-bar";
import { EXTRA, GRID, type JobColumn } from "@/features/jobs/columns";
import { CancelButton, DeleteButton } from "@/features/jobs/job-actions";
import { JobTimes } from "@/features/jobs/job-progress";
import { StatusBadge } from "@/features/jobs/job-status";
import { jobTitle } from "@/features/jobs/job-title";
import type { JobSummary } from "@/lib/api/types";
import { formatPercent } from "@/lib/format";

interface JobRowProps {
  job: JobSummary;
  href: string;
  onProblem: (error: Error | null) => void;
  onTag?: ((tag: string) => void) | undefined;
  columns?: readonly JobColumn[];
}

export function JobRow({ job, href, onProblem, onTag, columns = [] }: JobRowProps) {
  return (
    <div
      className={`grid min-w-0 flex-1 grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-1 max-md:pr-2 md:gap-x-4 ${GRID}`}
    >
      <span className="col-span-2 flex min-w-0 items-center gap-2 md:col-span-1">
        <Link
          href={href}
          title={jobTitle(job)}
          data-job={job.job_id}
          className="min-w-0 truncate py-1 font-medium hover:text-accent hover:underline"
        >
          {jobTitle(job)}
        </Link>
        {job.keep && (
          <Star role="img" aria-label="Kept" className="size-3.5 shrink-0 fill-current text-warn" />
        )}
        {job.tags.length > 0 && (
          <span className="flex min-w-0 max-w-2/5 gap-1 overflow-hidden max-md:hidden">
            {job.tags.map((tag) => (
              <Tag key={tag} tag={tag} onTag={onTag} />
            ))}
          </span>
        )}
      </span>
      <span className="flex">
        <StatusBadge job={job} />
      </span>
      <span className="min-w-0 truncate text-sm">
        <RowProgress job={job} />
      </span>
      <span className="whitespace-nowrap text-right text-muted text-sm max-md:pr-2 md:text-left">
        <Age at={job.created_at} />
      </span>
      {columns.map(({ name, cell }, index) => (
        <span
          key={name}
          className={`min-w-0 truncate text-sm ${index === 0 ? "max-md:col-span-2" : "max-md:pr-2 max-md:text-right"} ${EXTRA}`}
        >
          {cell(job)}
        </span>
      ))}
      <span className="flex justify-end max-md:col-start-3 max-md:row-start-1">
        <CancelButton job={job} onProblem={onProblem} compact />
        <DeleteButton job={job} />
      </span>
    </div>
  );
}

function Tag({ tag, onTag }: { tag: string; onTag: ((tag: string) => void) | undefined }) {
  const look = "max-w-28 shrink-0 truncate rounded-full bg-sunken px-2 text-muted text-xs";
  if (!onTag) return <span className={look}>{tag}</span>;
  return (
    <button
      type="button"
      title={`Only jobs with the tag ${tag}`}
      onClick={() => onTag(tag)}
      className={`min-h-6 hover:text-accent ${look}`}
    >
      {tag}
    </button>
  );
}

function RowProgress({ job }: { job: JobSummary }) {
  if (job.status === "pending") {
    return (
      <span className="text-muted">
        {job.priority !== 0 && `Priority ${job.priority}`}
        {job.run_at && job.priority !== 0 && " · "}
        {job.run_at && <JobTimes job={job} />}
      </span>
    );
  }
  if (job.status !== "running") return <JobTimes job={job} />;
  return (
    <span className="flex items-center gap-2">
      <ProgressBar
        percent={job.progress}
        label={`Progress of ${jobTitle(job)}`}
        message={job.progress_message}
      />
      <span className="w-9 text-right text-muted tabular-nums">{formatPercent(job.progress)}</span>
    </span>
  );
}
