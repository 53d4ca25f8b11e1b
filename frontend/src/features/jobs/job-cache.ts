import type { Query, QueryClient } from "@tanstack/react-query";
import type { JobFilter } from "@/features/jobs/job-filter";
import { type JobPages, withJobs, withoutJobs } from "@/features/jobs/job-pages";
import { Unreachable } from "@/lib/api/client";
import type { Job, JobStatus, JobSummary } from "@/lib/api/types";
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

/** What the server tells: a job as it is now, or the id of one that is gone. */
export type JobChange = { job: JobSummary } | { deleted: string };

/** Counts, and lists that only the server can keep, are fetched again at most this often, in milliseconds. */
const PAUSE = 1_000;
/** A list of more pages is not polled: it is fetched again when the connection is back. */
const POLLED_PAGES = 5;

/** Brings what the server tells of jobs into the query cache, whichever way and in whichever order it comes. */
export class JobCache {
  private readonly revisions = new Revisions();
  /** As they were told last: where one changes, the counts do. */
  private readonly statuses = new Map<string, JobStatus>();
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

  /** Takes changes in the order in which they came; what it costs hardly grows with their number. */
  apply(changes: readonly JobChange[]): void {
    const changed = new Map<string, JobSummary>();
    const deleted = new Set<string>();
    for (const change of changes) {
      if ("deleted" in change) {
        changed.delete(change.deleted);
        deleted.add(change.deleted);
      } else if (this.revisions.accept(change.job)) changed.set(change.job.job_id, change.job);
    }
    for (const job of changed.values()) this.changeJob(job);
    for (const id of deleted) this.forget(id);
    for (const [key, pages] of this.lists()) {
      const { pages: after, inDoubt } = withJobs(withoutJobs(pages, deleted), key[2] as JobFilter, changed);
      if (after !== pages) this.client.setQueryData(key, after);
      if (inDoubt) this.refreshSoon(key);
    }
  }

  /** Nothing seen so far counts as newest any more; what a refetch leaves alone is fetched again. */
  reset(): void {
    this.revisions.forget();
    this.statuses.clear();
    void this.client.invalidateQueries({
      predicate: (query) => query.queryKey[0] !== jobKeys.all[0] || isLong(query) || isLoading(query),
    });
  }

  /**
   * Fetches the jobs again, and whatever could not be fetched; false when the server does not answer.
   *
   * A list that is just being fetched is let be: on a slow way it would never come.
   */
  async refetch(): Promise<boolean> {
    const wanted = (query: Query) =>
      query.state.status === "error" ||
      (query.queryKey[0] === jobKeys.all[0] && !isLong(query) && !isLoading(query));
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
    const old = new Set(shown?.pages);
    const fresh = new Set(fetched.pages);
    const replaced = [...old].filter((page) => !fresh.has(page));
    const rows = new Map(replaced.flatMap(({ jobs }) => jobs.map((job) => [job.job_id, job])));
    const pages = fetched.pages.map((page) =>
      old.has(page)
        ? page
        : { ...page, jobs: page.jobs.map((job) => this.newerJob(rows.get(job.job_id), job)) },
    );
    return { ...fetched, pages };
  }

  private changeJob(job: JobSummary): void {
    const id = job.job_id;
    const before = this.client.getQueryData<Job>(jobKeys.job(id));
    if (before) this.client.setQueryData<Job>(jobKeys.job(id), { ...before, ...job });
    if (before && before.status !== job.status) this.refresh(jobKeys.job(id));
    if (before && before.steps !== job.steps) this.refresh(jobKeys.steps(id), false);
    if (this.statuses.get(id) !== job.status) this.refreshSoon(jobKeys.counts);
    this.statuses.set(id, job.status);
  }

  private forget(id: string): void {
    this.statuses.delete(id);
    if (this.client.getQueryState(jobKeys.job(id))) this.refresh(jobKeys.job(id));
    this.refreshSoon(jobKeys.counts);
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
      const due = [...this.stale];
      this.stale.clear();
      for (const queryKey of due) {
        const query = this.client.getQueryCache().find({ queryKey });
        if (query && isLoading(query)) this.refreshSoon(queryKey);
        else this.refresh(queryKey);
      }
    }, PAUSE);
  }
}

/** Whether it is a list of which something is on its way. */
function isLoading({ queryKey, state }: Query): boolean {
  return queryKey[1] === "list" && state.fetchStatus === "fetching";
}

function isLong({ queryKey, state }: Query): boolean {
  return queryKey[1] === "list" && ((state.data as JobPages | undefined)?.pages.length ?? 0) > POLLED_PAGES;
}
