import { isStatus } from "@/features/jobs/job-status";
import type { JobStatus, JobSummary } from "@/lib/api/types";

/** Which jobs a list shows; null and "" do not restrict. */
export interface JobFilter {
  status: JobStatus | null;
  kind: string | null;
  tag: string | null;
  /** One of the words that tell what a job is about. */
  about: string | null;
  /** Found in title, kind, id, what it is about, message and error. */
  q: string;
  /** Created then or later; ISO 8601 in UTC. */
  since: string | null;
}

export const EVERY_JOB: JobFilter = {
  status: null,
  kind: null,
  tag: null,
  about: null,
  q: "",
  since: null,
};

/** JavaScript reads much more than this, and what it makes of it is a guess. */
const ISO = /^\d{4}-\d\d-\d\dT/;

/** The filter that an address names. */
export function filterFrom(search: URLSearchParams): JobFilter {
  const status = search.get("status");
  return {
    status: isStatus(status) ? status : null,
    kind: search.get("kind") || null,
    tag: search.get("tag") || null,
    about: search.get("about") || null,
    q: search.get("q") ?? "",
    since: timeFrom(search.get("since")),
  };
}

/** The same as query parameters, for addresses and for the API alike. */
export function searchOf({ status, kind, tag, about, q, since }: JobFilter): URLSearchParams {
  const search = new URLSearchParams();
  if (status) search.set("status", status);
  if (kind) search.set("kind", kind);
  if (tag) search.set("tag", tag);
  if (about) search.set("about", about);
  if (q.trim()) search.set("q", q.trim());
  if (since) search.set("since", since);
  return search;
}

/** Whether a job belongs to the list; null if only the server can tell. */
export function matches({ status, kind, tag, about, q, since }: JobFilter, job: JobSummary): boolean | null {
  if (status && job.status !== status) return false;
  if (kind && job.kind !== kind) return false;
  if (tag && !job.tags.includes(tag)) return false;
  if (about && !job.about.includes(about)) return false;
  if (since && Date.parse(job.created_at) < Date.parse(since)) return false;
  return q.trim() ? null : true;
}

/** Whether it restricts by more than the status. */
export function isNarrow({ kind, tag, about, q, since }: JobFilter): boolean {
  return Boolean(kind || tag || about || q.trim() || since);
}

/** A time that the server understands; null for anything else that an address may say. */
function timeFrom(text: string | null): string | null {
  const time = new Date(text && ISO.test(text) ? text : Number.NaN);
  const hasUsualYear = time.getUTCFullYear() >= 1 && time.getUTCFullYear() <= 9_999;
  return hasUsualYear ? time.toISOString() : null;
}

/** The day in which a time lies, where the person is: "2026-11-25". */
export function dayOf(time: string): string {
  const at = new Date(time);
  const parts = [String(at.getFullYear()).padStart(4, "0"), at.getMonth() + 1, at.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}

/** The time at which a day begins, where the person is. */
export function beginOf(day: string): string | null {
  return timeFrom(`${day}T00:00`);
}
