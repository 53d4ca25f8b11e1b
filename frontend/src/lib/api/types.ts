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

export interface Step {
  number: number;
  name: string;
  value: unknown;
  finished_at: string;
}

export interface StepList {
  steps: Step[];
}

export type CellState = "completed" | "failed" | "blocked" | "cut_off" | "empty" | "cancelled";

export type InputMode = "native" | "frames" | "local" | "simulated";

export interface CellError {
  kind: string;
  message: string;
  what_to_do: string;
  retryable: boolean;
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
  timestamps: { seconds: number; end: number | null; text: string }[];
  error: CellError | null;
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
