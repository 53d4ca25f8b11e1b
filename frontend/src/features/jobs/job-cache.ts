import type { Query, QueryClient } from "@tanstack/react-query";
import type { JobFilter } from "@/features/jobs/job-filter";
import { type JobPages, jobsOf, withJob, withoutJob } from "@/features/jobs/job-pages";
import { isActive } from "@/features/jobs/job-status";
import { Unreachable } from "@/lib/api/client";
import type { Job, JobSummary } from "@/lib/api/types";
import { Revisions } from "@/lib/revisions";

/** Where the jobs' data lie in the query cache. */
export const jobKeys = {
  all: ["jobs"] as const,
  counts: ["jobs", "counts"] as const,
  lists: ["jobs", "list"] as const,
  list: (filter: JobFilter) => ["jobs", "list", filter] as const,
  job: (id: string) => ["jobs", "job", id] as const,
  steps: (id: string) => ["jobs", "steps", id] as const,
  stepsOf: (id: string, attempts: number, active: boolean) =>
    ["jobs", "steps", id, attempts, active] as const,
};

/** Counts, and lists that only the server can keep, are fetched again at most this often, in milliseconds. */
const PAUSE = 1_000;
/** A list of more pages is not polled: it is fetched again when the connection is back. */
const POLLED_PAGES = 5;

/** Brings what the server tells of jobs into the query cache, whichever way and in whichever order it comes. */
export class JobCache {
  private readonly revisions = new Revisions();
  private readonly stale = new Set<readonly unknown[]>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly client: QueryClient) {
    client.setQueryDefaults(["jobs", "job"], {
      structuralSharing: (shown, fetched) => this.newerJob(shown as Job | undefined, fetched as Job),
    });
    client.setQueryDefaults(jobKeys.lists, {
      structuralSharing: (shown, fetched) =>
        this.newerRows(shown as JobPages | undefined, fetched as JobPages),
    });
  }

  apply(summary: JobSummary): void {
    if (!this.revisions.accept(summary)) return;
    const id = summary.job_id;
    const before = this.client.getQueryData<Job>(jobKeys.job(id));
    if (before) this.client.setQueryData<Job>(jobKeys.job(id), { ...before, ...summary });
    if (before && before.status !== summary.status) this.refresh(jobKeys.job(id));
    if (before && before.steps !== summary.steps) this.refresh(jobKeys.steps(id), false);
    const listed = this.changeLists(summary);
    if (!isActive(summary) || listed?.status !== summary.status) this.refreshSoon(jobKeys.counts);
  }

  remove(id: string): void {
    this.refresh(jobKeys.job(id));
    for (const [key, pages] of this.lists()) this.client.setQueryData(key, withoutJob(pages, id));
    this.refreshSoon(jobKeys.counts);
  }

  /** Nothing seen so far counts as newest any more; what polling leaves alone is fetched again. */
  reset(): void {
    this.revisions.forget();
    void this.client.invalidateQueries({
      predicate: (query) => query.queryKey[0] !== jobKeys.all[0] || isLong(query),
    });
  }

  /** Fetches the jobs again, and whatever could not be fetched; false when the server does not answer. */
  async refetch(): Promise<boolean> {
    const wanted = (query: Query) =>
      query.state.status === "error" || (query.queryKey[0] === jobKeys.all[0] && !isLong(query));
    try {
      await this.client.invalidateQueries({ predicate: wanted }, { throwOnError: true });
      return true;
    } catch (error) {
      return !(error instanceof Unreachable);
    }
  }

  private newerJob<T extends JobSummary>(shown: T | undefined, fetched: T): T {
    return this.revisions.accept(fetched) || !shown ? fetched : shown;
  }

  private newerRows(shown: JobPages | undefined, fetched: JobPages): JobPages {
    const rows = new Map(jobsOf(shown).map((job) => [job.job_id, job]));
    const pages = fetched.pages.map((page) => ({
      ...page,
      jobs: page.jobs.map((job) => this.newerJob(rows.get(job.job_id), job)),
    }));
    return { ...fetched, pages };
  }

  private changeLists(summary: JobSummary): JobSummary | undefined {
    let listed: JobSummary | undefined;
    for (const [key, pages] of this.lists()) {
      listed ??= jobsOf(pages).find(({ job_id }) => job_id === summary.job_id);
      const changed = withJob(pages, key[2] as JobFilter, summary);
      if (!changed) this.refreshSoon(key);
      else if (changed !== pages) this.client.setQueryData(key, changed);
    }
    return listed;
  }

  private lists(): (readonly [readonly unknown[], JobPages])[] {
    return this.client
      .getQueriesData<JobPages>({ queryKey: jobKeys.lists })
      .flatMap(([key, pages]) => (pages ? [[key, pages] as const] : []));
  }

  private refresh(queryKey: readonly unknown[], exact = true): void {
    void this.client.invalidateQueries({ queryKey, exact });
  }

  private refreshSoon(key: readonly unknown[]): void {
    this.stale.add(key);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      for (const queryKey of this.stale) this.refresh(queryKey);
      this.stale.clear();
    }, PAUSE);
  }
}

function isLong({ queryKey, state }: Query): boolean {
  return queryKey[1] === "list" && ((state.data as JobPages | undefined)?.pages.length ?? 0) > POLLED_PAGES;
}
