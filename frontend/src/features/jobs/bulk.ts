import { isNarrow, type JobFilter } from "@/features/jobs/job-filter";
import { apiDelete, apiPatch, apiPost } from "@/lib/api/client";
import type { BulkRequest, JobChanges, JobStatus, JobSummary } from "@/lib/api/types";
import { inTurns } from "@/lib/in-turns";

export type BulkAction = BulkRequest["action"];

/** What an action on many is for: a completed job could be retried too, but nobody means that. */
export const MEANT: Record<BulkAction, readonly JobStatus[]> = {
  cancel: ["pending", "running"],
  retry: ["failed", "cancelled"],
  delete: ["completed", "failed", "cancelled"],
  edit: ["pending"],
};

export interface BulkOutcome {
  done: number;
  refused: Error[];
}

/** The jobs that are chosen: these, or all that match the filter, loaded or not. */
export interface Chosen {
  filter: JobFilter;
  ids: readonly string[] | null;
}

/** The statuses that the action would reach on all jobs of a filter. */
export function reached(action: BulkAction, { status }: JobFilter): readonly JobStatus[] {
  return MEANT[action].filter((meant) => status === null || meant === status);
}

/** How many jobs of a filter the action would reach; null where only the server could count them. */
export function countReached(
  action: BulkAction,
  filter: JobFilter,
  counts: Record<JobStatus, number> | undefined,
): number | null {
  if (!counts || isNarrow(filter)) return null;
  return reached(action, filter).reduce((sum, status) => sum + counts[status], 0);
}

/** A filter in the words of the API's requests. */
export function wordsOf({ status, kind, tag, about, q, since }: JobFilter) {
  return { status: status ? [status] : [], kind, tag, about, q: q.trim() || null, since };
}

/** Acts on every job of the filter, seen or not. */
export async function actOnAll(
  action: BulkAction,
  filter: JobFilter,
  changes: JobChanges | null = null,
): Promise<BulkOutcome> {
  return { done: await askAll(action, filter, changes, false), refused: [] };
}

/** How many jobs of the filter the action would reach, as the server counts them. */
export function countAll(action: BulkAction, filter: JobFilter): Promise<number> {
  return askAll(action, filter, action === "edit" ? { priority: 0 } : null, true);
}

/** Acts on these jobs; those that refuse do not hold up the others. */
export async function actOnEach(
  action: BulkAction,
  ids: readonly string[],
  changes: JobChanges = {},
): Promise<BulkOutcome> {
  return await each(ids, (id) => {
    const path = `jobs/${encodeURIComponent(id)}`;
    if (action === "edit") return apiPatch(path, changes);
    return action === "delete" ? apiDelete(path) : apiPost(`${path}/${action}`);
  });
}

/** Gives these jobs the priorities that they have here. */
export function restorePriorities(jobs: readonly JobSummary[]): Promise<BulkOutcome> {
  const priorities = new Map(jobs.map(({ job_id, priority }) => [job_id, priority]));
  return each([...priorities.keys()], (id) =>
    apiPatch(`jobs/${encodeURIComponent(id)}`, { priority: priorities.get(id) }),
  );
}

async function each(ids: readonly string[], act: (id: string) => Promise<unknown>): Promise<BulkOutcome> {
  const answers = await inTurns(ids, act);
  const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason as Error] : []));
  return { done: ids.length - refused.length, refused };
}

async function askAll(
  action: BulkAction,
  filter: JobFilter,
  changes: JobChanges | null,
  dryRun: boolean,
): Promise<number> {
  const { jobs } = await apiPost<{ jobs: number }>("jobs/bulk", {
    action,
    filter: { ...wordsOf(filter), status: reached(action, filter) },
    ...(changes && { changes }),
    ...(dryRun && { dry_run: true }),
  });
  return jobs;
}
