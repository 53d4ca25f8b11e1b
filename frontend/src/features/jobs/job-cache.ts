import type { InfiniteData, Query, QueryClient } from "@tanstack/react-query";
import { Unreachable } from "@/lib/api/client";
import type { Job, JobPage, JobStatus, JobSummary } from "@/lib/api/types";
import { Revisions } from "@/lib/revisions";

/** Where the jobs' data lie in the query cache. */
export const jobKeys = {
  all: ["jobs"] as const,
  counts: ["jobs", "counts"] as const,
  lists: ["jobs", "list"] as const,
  list: (status: JobStatus | null) => ["jobs", "list", status] as const,
  job: (id: string) => ["jobs", "job", id] as const,
  steps: (id: string) => ["jobs", "steps", id] as const,
};

type JobPages = InfiniteData<JobPage>;

/** Lists are fetched again at most this often while jobs come, go and change, in milliseconds. */
const LIST_PAUSE = 1_000;

/** Brings what the server tells of jobs into the query cache, whichever way and in whichever order it comes. */
export class JobCache {
  private readonly revisions = new Revisions();
  private listTimer: ReturnType<typeof setTimeout> | undefined;

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
    if (before && before.steps !== summary.steps) this.refresh(jobKeys.steps(id));
    const listed = this.replaceInLists(summary);
    if (!listed || listed.status !== summary.status) this.refreshLists();
  }

  remove(id: string): void {
    this.refresh(jobKeys.job(id));
    this.refreshLists();
  }

  /** Nothing seen so far counts as newest any more; what lives beside the jobs is fetched again. */
  reset(): void {
    this.revisions.forget();
    void this.client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== jobKeys.all[0] });
  }

  /** Fetches the jobs again, and whatever could not be fetched; false when the server does not answer. */
  async refetch(): Promise<boolean> {
    const wanted = ({ queryKey, state }: Query) => queryKey[0] === jobKeys.all[0] || state.status === "error";
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
    const rows = new Map(shown?.pages.flatMap(({ jobs }) => jobs).map((job) => [job.job_id, job]));
    const pages = fetched.pages.map((page) => ({
      ...page,
      jobs: page.jobs.map((job) => this.newerJob(rows.get(job.job_id), job)),
    }));
    return { ...fetched, pages };
  }

  private refresh(key: readonly unknown[]): void {
    void this.client.invalidateQueries({ queryKey: key, exact: true });
  }

  private refreshLists(): void {
    this.listTimer ??= setTimeout(() => {
      this.listTimer = undefined;
      void this.client.invalidateQueries({ queryKey: jobKeys.lists });
      this.refresh(jobKeys.counts);
    }, LIST_PAUSE);
  }

  private replaceInLists(summary: JobSummary): JobSummary | undefined {
    let listed: JobSummary | undefined;
    for (const [key, data] of this.client.getQueriesData<JobPages>({ queryKey: jobKeys.lists })) {
      const found = data?.pages.flatMap(({ jobs }) => jobs).find((job) => job.job_id === summary.job_id);
      if (!data || !found) continue;
      listed = found;
      this.client.setQueryData<JobPages>(key, {
        ...data,
        pages: data.pages.map((page) => ({
          ...page,
          jobs: page.jobs.map((job) => (job === found ? summary : job)),
        })),
      });
    }
    return listed;
  }
}
