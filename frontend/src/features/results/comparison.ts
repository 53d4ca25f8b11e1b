import type { Cell, ComparisonResult, Job, LiveCell, Step } from "@/lib/api/types";

const STEP = "cell ";
/** How many answers are shown side by side unless asked for more. */
const SIDES = 3;

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

/** What is known of the cells that are being asked now, by name. */
export function liveCells(live: Record<string, unknown>): Map<string, LiveCell> {
  return new Map(
    Object.entries(live).flatMap(([step, shown]) =>
      step.startsWith(STEP) && typeof shown === "object" && shown !== null
        ? [[step.slice(STEP.length), shown as LiveCell] as const]
        : [],
    ),
  );
}

/** A cell's name: the places of its video, prompt and model, counted from 1. */
export function cellName(video: number, prompt: number, model: number): string {
  return `${video + 1}.${prompt + 1}.${model + 1}`;
}

/** Where the answers to one video and prompt are shown side by side, at most as many as fit. */
export function rowHref(
  jobId: string,
  { videoIndex, promptIndex }: { videoIndex: number; promptIndex: number },
  { models }: Comparison,
): string {
  const names = models.slice(0, SIDES).map((_, model) => cellName(videoIndex, promptIndex, model));
  return `/jobs/${jobId}/view?cells=${names.join(",")}`;
}

function texts(value: unknown): string[] | null {
  const ok = Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string");
  return ok ? value : null;
}

function isResult(value: unknown): value is ComparisonResult {
  return typeof value === "object" && value !== null && Array.isArray((value as ComparisonResult).cells);
}

export function isCell(value: unknown): value is Cell {
  return typeof value === "object" && value !== null && typeof (value as Cell).cell === "string";
}
