/** The API's data as the server sends it. Times are ISO 8601 in UTC, lengths of time are seconds. */

export type JobStatus = "pending" | "running" | "completed" | "failed" | "cancelled";

export type AttemptOutcome = "completed" | "failed" | "retried" | "interrupted" | "cancelled";

export interface Attempt {
  number: number;
  worker: string;
  started_at: string;
  ended_at: string | null;
  outcome: AttemptOutcome | null;
  error: string | null;
}

export interface JobSummary {
  job_id: string;
  kind: string;
  title: string;
  tags: string[];
  status: JobStatus;
  progress: number;
  progress_message: string;
  error: string | null;
  priority: number;
  created_at: string;
  run_at: string | null;
  started_at: string | null;
  finished_at: string | null;
  cancel_requested: boolean;
  steps: number;
  /** A cleanup leaves it alone. */
  keep: boolean;
  revision: number;
}

export interface Job extends JobSummary {
  args: Record<string, unknown>;
  result: unknown;
  attempts: Attempt[];
}

export interface JobPage {
  jobs: JobSummary[];
  next: string | null;
  counts: Record<JobStatus, number>;
}

export interface Cleanup {
  jobs: number;
  bytes: number;
  dry_run: boolean;
}

export interface Step {
  number: number;
  name: string;
  value: unknown;
  finished_at: string;
}

export interface StepList {
  steps: Step[];
  /** What the running handler shows for the moment, by the name of the step. */
  live: Record<string, unknown>;
}

export type JobChanges = Partial<Pick<JobSummary, "title" | "tags" | "keep" | "priority" | "run_at">>;

export type CellState = "completed" | "failed" | "blocked" | "cut_off" | "empty" | "cancelled";

export type InputMode = "native" | "frames" | "local" | "simulated";

export interface CellError {
  kind: string;
  message: string;
  what_to_do: string;
  retryable: boolean;
}

/** A moment or stretch that an answer names, in seconds, as it is written there. */
export interface Timestamp {
  seconds: number;
  end: number | null;
  text: string;
}

export interface Cell {
  cell: string;
  video_id: string;
  prompt: string;
  model: string;
  state: CellState;
  text: string;
  answered_by: string | null;
  finish_reason: string | null;
  /** How often the model was asked. */
  attempts?: number;
  usage: { input_tokens: number; output_tokens: number; thinking_tokens: number } | null;
  cost_usd: number | null;
  timings: Record<"queued" | "upload" | "first_token" | "total", number | null>;
  input: {
    mode: InputMode;
    frames: number | null;
    fps: number | null;
    resolution: string | null;
    clip: unknown;
  } | null;
  timestamps: Timestamp[];
  error: CellError | null;
}

/** What is known of a cell while its model is being asked. */
export interface LiveCell {
  model?: string;
  text?: string;
  percent?: number;
  message?: string;
  /** Seconds until it is asked again. */
  waiting?: number;
}

export interface Rating {
  stars: number | null;
  note: string;
}

/** Which of two models answered better: one of them, neither, or both badly. */
export interface Vote {
  video_id: string;
  prompt: string;
  models: [string, string];
  winner: string;
}

export interface Wins {
  won: number;
  lost: number;
  tied: number;
}

export interface Ratings {
  cells: Record<string, Rating>;
  votes: Vote[];
  wins: Record<string, Wins>;
}

export interface ComparisonResult {
  cells: Cell[];
  totals: { cells: number; completed: number; failed: number; cost_usd: number | null; seconds: number };
}

export interface Video {
  video_id: string;
  name: string;
  size: number;
  duration: number | null;
  width: number;
  height: number;
  fps: number | null;
  codec: string;
  audio_codec: string | null;
  media_type: string;
  duplicate?: boolean;
  /** How many jobs are about it. */
  used_in?: number;
  uploaded_at: string;
}

export interface VideoList {
  videos: Video[];
}

export interface Model {
  id: string;
  provider: string;
  title: string;
  available: boolean;
  why_not: string | null;
  what_to_do: string | null;
  input_mode: InputMode;
  reads_prompt: boolean;
  price: string | null;
  description: string;
}

export interface ModelList {
  models: Model[];
}

export interface Submitted {
  job_id: string;
  status: JobStatus;
  cells: number;
}

export interface Health {
  worker: { alive: boolean; pid: number | null; started_at: string | null };
  disk: { free_bytes: number; ok: boolean };
  /** Which keys are set; never their values. */
  keys: Record<string, boolean>;
  versions: Record<string, string>;
  data_dir: string;
}

export interface Check {
  name: string;
  ok: boolean;
  detail: string;
  fix: string | null;
}

export interface CheckList {
  checks: Check[];
}

/** What a comparison would take; null where that cannot be known. */
export interface Estimate {
  cells: number;
  by_model: {
    model: string;
    cells: number;
    input_tokens: number | null;
    cost_usd: number | null;
    price: string | null;
  }[];
  cost_usd: number | null;
  seconds: number | null;
}
