import { Link } from "wouter";
import { Age } from "@/components/ui/age";
import { ProgressBar } from "@/components/ui/progress-bar";
import { CancelButton, DeleteButton } from "@/features/jobs/job-actions";
import { JobTimes } from "@/features/jobs/job-progress";
import { StatusBadge } from "@/features/jobs/job-status";
import { jobTitle } from "@/features/jobs/job-title";
import type { JobSummary } from "@/lib/api/types";
import { formatPercent } from "@/lib/format";

const COLUMNS = "md:grid-cols-[minmax(0,1fr)_8rem_13rem_8rem_2.75rem]";

interface JobRowsProps {
  jobs: JobSummary[];
  /** Where a job's own screen is. */
  jobHref: (id: string) => string;
  onProblem: (error: Error | null) => void;
}

export function JobRows({ jobs, jobHref, onProblem }: JobRowsProps) {
  return (
    <>
      <div aria-hidden className={`hidden gap-x-4 px-4 py-1.5 text-muted text-xs md:grid ${COLUMNS}`}>
        {["Job", "Status", "Progress", "Created"].map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <ul aria-label="Jobs" className="divide-y divide-line border-line md:border-t">
        {jobs.map((job) => (
          <JobRow key={job.job_id} job={job} href={jobHref(job.job_id)} onProblem={onProblem} />
        ))}
      </ul>
    </>
  );
}

interface JobRowProps {
  job: JobSummary;
  href: string;
  onProblem: (error: Error | null) => void;
}

function JobRow({ job, href, onProblem }: JobRowProps) {
  return (
    <li
      className={`grid grid-cols-[auto_minmax(0,1fr)_auto_auto] items-center gap-x-3 px-4 py-1.5 hover:bg-sunken/60 md:gap-x-4 ${COLUMNS}`}
    >
      <Link
        href={href}
        title={jobTitle(job)}
        className="col-span-4 min-w-0 truncate py-1 font-medium hover:text-accent hover:underline md:col-span-1"
      >
        {jobTitle(job)}
      </Link>
      <span className="flex">
        <StatusBadge job={job} />
      </span>
      <span className="min-w-0 text-sm">
        <RowProgress job={job} />
      </span>
      <span className="text-muted text-sm">
        <Age at={job.created_at} />
      </span>
      <span className="flex justify-end">
        <CancelButton job={job} onProblem={onProblem} compact />
        <DeleteButton job={job} onProblem={onProblem} />
      </span>
    </li>
  );
}

function RowProgress({ job }: { job: JobSummary }) {
  if (job.status === "pending" && !job.run_at) return null;
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
