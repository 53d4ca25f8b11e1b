import type { JobSummary } from "@/lib/api/types";

/** The job's title; a job without one is named by its kind. */
export function jobTitle({ title, kind }: Pick<JobSummary, "title" | "kind">): string {
  return title || kindName(kind);
}

/** batch_compare -> "Batch compare". */
export function kindName(kind: string): string {
  const words = kind.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
