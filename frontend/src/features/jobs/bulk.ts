import { isNarrow, type JobFilter } from "@/features/jobs/job-filter";
import { apiDelete, apiPost } from "@/lib/api/client";
import type { JobStatus } from "@/lib/api/types";
import { inTurns } from "@/lib/in-turns";

export type BulkAction = "cancel" | "retry" | "delete";

/** What an action on many is for: a completed job could be retried too, but nobody means that. */
export const MEANT: Record<BulkAction, readonly JobStatus[]> = {
  cancel: ["pending", "running"],
  retry: ["failed", "cancelled"],
  delete: ["completed", "failed", "cancelled"],
};

export interface BulkOutcome {
  done: number;
  refused: Error[];
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

/** Acts on every job of the filter, seen or not. */
export async function actOnAll(action: BulkAction, filter: JobFilter): Promise<BulkOutcome> {
  const { kind, tag, q, since } = filter;
  const asked = { status: reached(action, filter), kind, tag, q: q.trim() || null, since };
  const { jobs } = await apiPost<{ jobs: number }>("jobs/bulk", { action, filter: asked });
  return { done: jobs, refused: [] };
}

/** Acts on these jobs; those that refuse do not hold up the others. */
export async function actOnEach(action: BulkAction, ids: readonly string[]): Promise<BulkOutcome> {
  const one = (id: string) => {
    const path = `jobs/${encodeURIComponent(id)}`;
    return action === "delete" ? apiDelete(path) : apiPost(`${path}/${action}`);
  };
  const answers = await inTurns(ids, one);
  const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason as Error] : []));
  return { done: ids.length - refused.length, refused };
}
