import type { Cell, ComparisonResult, Job, Step } from "@/lib/api/types";

/** What was asked: each video, with each prompt, of each model. */
export interface Comparison {
  videoIds: string[];
  prompts: string[];
  models: string[];
}

/** The comparison that a job is about, or null if it is about something else. */
export function comparisonOf({ args }: Pick<Job, "args">): Comparison | null {
  const videoIds = texts(args.video_ids) ?? texts([args.video_id]);
  const prompts = texts(args.prompts) ?? texts([args.prompt]);
  const models = texts(args.models);
  return videoIds && prompts && models ? { videoIds, prompts, models } : null;
}

/** The finished cells by name ("2.1.3"): those of the result, or of the steps while there is none. */
export function finishedCells({ result }: Pick<Job, "result">, steps: Step[]): Map<string, Cell> {
  const cells = isResult(result) ? result.cells : steps.map(({ value }) => value).filter(isCell);
  return new Map(cells.map((cell) => [cell.cell, cell]));
}

/** A cell's name: the places of its video, prompt and model, counted from 1. */
export function cellName(video: number, prompt: number, model: number): string {
  return `${video + 1}.${prompt + 1}.${model + 1}`;
}

function texts(value: unknown): string[] | null {
  const ok = Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string");
  return ok ? value : null;
}

function isResult(value: unknown): value is ComparisonResult {
  return typeof value === "object" && value !== null && Array.isArray((value as ComparisonResult).cells);
}

function isCell(value: unknown): value is Cell {
  return typeof value === "object" && value !== null && typeof (value as Cell).cell === "string";
}
