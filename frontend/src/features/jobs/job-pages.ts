import type { InfiniteData } from "@tanstack/react-query";
import { type JobFilter, matches } from "@/features/jobs/job-filter";
import type { JobPage, JobSummary } from "@/lib/api/types";

/** The pages of a list that were loaded so far, newest jobs first. */
export type JobPages = InfiniteData<JobPage>;
export type JobsById = ReadonlyMap<string, JobSummary>;

export function jobsOf(pages: JobPages | undefined): JobSummary[] {
  return pages?.pages.flatMap(({ jobs }) => jobs) ?? [];
}

/** A list after changes of jobs. */
export interface ChangedPages {
  pages: JobPages;
  /** Whether only the server can tell if some of the jobs belong to the list. */
  inDoubt: boolean;
}

/** The list with these jobs: each in its place, entered, or left out. Pages without a change stay the same objects. */
export function withJobs(pages: JobPages, filter: JobFilter, changes: JobsById): ChangedPages {
  const rest = new Map(changes);
  const placed = mapped(pages, (jobs) => inPlace(jobs, filter, changes, rest));
  const others = [...rest.values()].map((job) => ({ job, belongs: matches(filter, job) }));
  return {
    pages: entered(
      placed,
      others.flatMap(({ job, belongs }) => (belongs ? [job] : [])),
    ),
    inDoubt: others.some(({ belongs }) => belongs === null),
  };
}

export function withoutJobs(pages: JobPages, ids: ReadonlySet<string>): JobPages {
  return mapped(pages, (jobs) =>
    jobs.some(({ job_id }) => ids.has(job_id)) ? jobs.filter(({ job_id }) => !ids.has(job_id)) : jobs,
  );
}

/** The jobs of a page after the changes; what is placed is taken from `rest`. */
function inPlace(jobs: JobSummary[], filter: JobFilter, changes: JobsById, rest: Map<string, JobSummary>) {
  if (!jobs.some(({ job_id }) => changes.has(job_id))) return jobs;
  return jobs.flatMap((row) => {
    const job = changes.get(row.job_id);
    if (!job) return [row];
    rest.delete(row.job_id);
    return matches(filter, job) === false ? [] : [job];
  });
}

/** Ids grow with the time of creation, so that they order the list. A job older than all loaded ones stays out. */
function entered(pages: JobPages, jobs: JobSummary[]): JobPages {
  const at = ({ job_id }: JobSummary) =>
    pages.pages.findIndex((page) => page.next === null || (page.jobs.at(-1)?.job_id ?? job_id) < job_id);
  const byPage = Map.groupBy(jobs, at);
  return mapped(pages, (listed, index) => {
    const fresh = byPage.get(index);
    return fresh ? [...listed, ...fresh].sort((a, b) => (a.job_id < b.job_id ? 1 : -1)) : listed;
  });
}

/** The same object where nothing changes. */
function mapped(pages: JobPages, change: (jobs: JobSummary[], index: number) => JobSummary[]): JobPages {
  const changed = pages.pages.map((page, index) => {
    const jobs = change(page.jobs, index);
    return jobs === page.jobs ? page : { ...page, jobs };
  });
  return changed.every((page, index) => page === pages.pages[index]) ? pages : { ...pages, pages: changed };
}
