import type { Cell } from "@/lib/api/types";

/** A finished cell with these parts changed. */
export function cellOf(part: Partial<Cell> = {}): Cell {
  return {
    cell: "1.1.1",
    video_id: "v",
    prompt: "What?",
    model: "local/scenes",
    state: "completed",
    text: "A cut at 0:05.",
    answered_by: "local/scenes",
    finish_reason: null,
    usage: null,
    cost_usd: null,
    timings: { queued: 0, upload: null, first_token: null, total: 2 },
    input: null,
    timestamps: [],
    error: null,
    ...part,
  };
}
