import { isStatus } from "@/features/jobs/job-status";
import type { JobStatus, JobSummary } from "@/lib/api/types";

/** Which jobs a list shows; null and "" do not restrict. */
export interface JobFilter {
  status: JobStatus | null;
  kind: string | null;
  tag: string | null;
  /** Found in title, kind, id, message and error. */
  q: string;
}

export const EVERY_JOB: JobFilter = { status: null, kind: null, tag: null, q: "" };

/** The filter that an address names. */
export function filterFrom(search: URLSearchParams): JobFilter {
  const status = search.get("status");
  return {
    status: isStatus(status) ? status : null,
    kind: search.get("kind") || null,
    tag: search.get("tag") || null,
    q: search.get("q") ?? "",
  };
}

/** The same as query parameters, for addresses and for the API alike. */
export function searchOf({ status, kind, tag, q }: JobFilter): URLSearchParams {
  const search = new URLSearchParams();
  if (status) search.set("status", status);
  if (kind) search.set("kind", kind);
  if (tag) search.set("tag", tag);
  if (q.trim()) search.set("q", q.trim());
  return search;
}

/** Whether a job belongs to the list; null if only the server can tell. */
export function matches({ status, kind, tag, q }: JobFilter, job: JobSummary): boolean | null {
  if (status && job.status !== status) return false;
  if (kind && job.kind !== kind) return false;
  if (tag && !job.tags.includes(tag)) return false;
  return q.trim() ? null : true;
}

/** Whether it restricts by more than the status. */
export function isNarrow({ kind, tag, q }: JobFilter): boolean {
  return Boolean(kind || tag || q.trim());
}
