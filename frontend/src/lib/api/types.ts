import type { components } from "@/lib/api/schema.gen";

/** The API's data as the server sends it. Times are ISO 8601 in UTC, lengths of time are seconds. */
type Schemas = components["schemas"];

export type JobStatus = Schemas["JobStatus"];
export type JobSummary = Schemas["JobSummaryView"];

export type AttemptOutcome = "completed" | "failed" | "retried" | "interrupted" | "cancelled";
export type Attempt = Omit<Schemas["AttemptView"], "outcome"> & { outcome: AttemptOutcome | null };
export type Job = Omit<Schemas["JobView"], "attempts"> & { attempts: Attempt[] };

export type JobPage = Omit<Schemas["JobList"], "counts"> & { counts: Record<JobStatus, number> };
export type JobChanges = Schemas["JobChanges"];
export type BulkRequest = Schemas["BulkRequest"];
export type ExportRequest = Schemas["ExportRequest"];
export type Cleanup = Schemas["CleanupView"];
export type Step = Schemas["StepView"];
export type StepList = Schemas["StepList"];

export type Video = Schemas["VideoView"];
export type VideoUses = Schemas["VideoUsesView"];
export type VideoList = { videos: Video[] };

export type InputMode = Schemas["InputMode"];
export type Model = Schemas["ModelView"];
export type ModelList = Schemas["ModelsView"];
/** What may be asked for besides the prompt. */
export type AskOptions = Schemas["OptionsBody"];
/** An earlier comparison that asked some of the same. */
export type Forerunner = Schemas["ForerunnerView"];
export type ForerunnerList = Schemas["ForerunnersView"];
export type Submitted = Schemas["Submitted"];
export type Estimate = Schemas["EstimateView"];
/** What is spent today. */
export type Spending = Schemas["SpendingView"];
/** What a comparison in a list has cost. */
export type JobCost = Schemas["CostView"];
export type CostList = Schemas["CostsView"];
/** What one comparison has spent. */
export type JobSpending = Schemas["JobSpendingView"];

export type Rating = Required<Schemas["RatingView"]>;
/** Which of two models answered better: one of them, neither, or both badly. */
export type Vote = Schemas["VoteView"];
export type Wins = Schemas["WinsView"];
export type Ratings = Omit<Schemas["RatingsView"], "cells"> & { cells: Record<string, Rating> };

export type Check = Schemas["CheckView"];
export type CheckList = Schemas["DoctorView"];
export type Health = Schemas["HealthView"];

/** A provider's key: whether it is set, never its value. */
export type ProviderKey = Schemas["KeyView"];
export type KeyList = Schemas["KeysView"];
export type KeyState = Schemas["KeyState"];
export type KeyTrial = Schemas["KeyTrialView"];

// Results and steps are the handler's own data, which the document leaves open: their shapes are written here.

export type CellState = "completed" | "failed" | "blocked" | "cut_off" | "empty" | "cancelled";

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
  /** 1 for the first time this was asked in the comparison. */
  repeat?: number;
  /** As asked; `input` says what came of them. */
  options?: Record<string, unknown>;
  state: CellState;
  text: string;
  answered_by: string | null;
  /** The provider answered with another model than the one asked. */
  rerouted?: boolean;
  /** In what the answer does not follow the response schema that was asked for. */
  schema_error?: string | null;
  finish_reason: string | null;
  /** The provider's own name for the call. */
  provider_id?: string | null;
  /** The call was made before a crash, and only listened to again: it was paid once. */
  reattached?: boolean;
  /** The call was made again after it was broken off, and nobody knows whether the one before was charged. */
  paid_twice_possible?: boolean;
  /** How often the model was asked. */
  attempts?: number;
  usage: { input_tokens: number; output_tokens: number; thinking_tokens: number } | null;
  cost_usd: number | null;
  /** The earlier cell whose answer this is; nothing was asked or paid. */
  reused_from?: { job_id: string; cell: string } | null;
  /** What that answer had cost. */
  saved_usd?: number | null;
  timings: Record<"queued" | "upload" | "first_token" | "total", number | null>;
  input: {
    mode: InputMode;
    frames: number | null;
    fps: number | null;
    resolution: string | null;
    /** Start and end in seconds; null is the whole video. */
    clip: [number, number] | null;
    /** Names of the options that this model cannot follow. */
    ignored?: string[];
  } | null;
  timestamps: Timestamp[];
  error: CellError | null;
  /** A person cancelled this cell alone: it is asked again only when this very cell is retried. */
  stays_cancelled?: boolean;
}

/** An upload that a comparison waits for. */
export interface AwaitedUpload {
  name: string;
  /** Bytes that have come, and that there will be. */
  sent: number;
  size: number;
  /** When the job began to wait. */
  since: string;
}

/** What became of such an upload: a video, or the reason why there is none. */
export interface Arrival {
  upload_id: string;
  name: string;
  since: string;
  video_id?: string | null;
  error?: CellError | null;
}

/** What is known of a cell while its model is being asked. */
export interface LiveCell {
  model?: string;
  /** When its turn came. */
  started_at?: string;
  text?: string;
  percent?: number;
  message?: string;
  /** Seconds until it is asked again. */
  waiting?: number;
}

export interface ComparisonResult {
  cells: Cell[];
  totals: {
    cells: number;
    completed: number;
    failed: number;
    cost_usd: number | null;
    /** Cells with the answer of an earlier one, and what those answers had cost. */
    reused?: number;
    saved_usd?: number;
    seconds: number;
  };
}
