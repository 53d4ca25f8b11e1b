import type { InfiniteData } from "@tanstack/react-query";
import { type JobFilter, matches } from "@/features/jobs/job-filter";
import type { JobPage, JobSummary } from "@/lib/api/types";

/** The pages of a list that were loaded so far, newest jobs first. */
export type JobPages = InfiniteData<JobPage>;

export function jobsOf(pages: JobPages | undefined): JobSummary[] {
  return pages?.pages.flatMap(({ jobs }) => jobs) ?? [];
}

/**
 * The list after a change of one job: in its place, entered, or left out.
 *
 * Null where only the server can tell whether the job belongs to the list.
 */
export function withJob(pages: JobPages, filter: JobFilter, job: JobSummary): JobPages | null {
  const belongs = matches(filter, job);
  const listed = jobsOf(pages).some(({ job_id }) => job_id === job.job_id);
  if (listed && belongs !== false)
    return mapped(pages, (jobs) => jobs.map((row) => (same(row, job) ? job : row)));
  if (listed) return withoutJob(pages, job.job_id);
  if (belongs === null) return null;
  return belongs ? entered(pages, job) : pages;
}

export function withoutJob(pages: JobPages, id: string): JobPages {
  return mapped(pages, (jobs) => jobs.filter(({ job_id }) => job_id !== id));
}

/** Ids grow with the time of creation, so that they order the list. A job older than all loaded ones stays out. */
function entered(pages: JobPages, job: JobSummary): JobPages {
  const at = pages.pages.findIndex(
    ({ jobs, next }) => next === null || jobs.some(({ job_id }) => job_id < job.job_id),
  );
  if (at < 0) return pages;
  return mapped(pages, (jobs, index) =>
    index === at ? [...jobs, job].sort((a, b) => (a.job_id < b.job_id ? 1 : -1)) : jobs,
  );
}

function mapped(pages: JobPages, change: (jobs: JobSummary[], index: number) => JobSummary[]): JobPages {
  return { ...pages, pages: pages.pages.map((page, index) => ({ ...page, jobs: change(page.jobs, index) })) };
}

function same(a: JobSummary, b: JobSummary): boolean {
  return a.job_id === b.job_id;
}
