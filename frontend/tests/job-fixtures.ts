import type { Job, JobSummary } from "@/lib/api/types";

/** A running job's summary with these parts changed. */
export function summaryOf(part: Partial<JobSummary> = {}): JobSummary {
  return {
    job_id: "01ka0000000000000000000001",
    kind: "compare",
    title: "Compare 2 models",
    tags: [],
    about: [],
    status: "running",
    progress: 10,
    progress_message: "",
    error: null,
    priority: 0,
    created_at: "2026-11-23T18:00:00Z",
    run_at: null,
    started_at: "2026-11-23T18:00:01Z",
    finished_at: null,
    cancel_requested: false,
    steps: 0,
    keep: false,
    revision: 1,
    ...part,
  };
}

/** The same as a whole job. */
export function jobOf(part: Partial<Job> = {}): Job {
  return { args: {}, result: null, attempts: [], ...summaryOf(part), ...part };
}
