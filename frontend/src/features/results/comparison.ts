import { arrivals, isUploadId } from "@/features/results/awaited";
import type { Cell, ComparisonResult, Job, LiveCell, Step } from "@/lib/api/types";

const STEP = "cell ";
/** How many answers are shown side by side unless asked for more. */
const SIDES = 3;

/** What was asked: each video, with each prompt, of each model, so many times. */
export interface Comparison {
  videoIds: string[];
  prompts: string[];
  models: string[];
  repeats: number;
}

/** One video with one prompt, for the first time (1) or again; videos and prompts counted from 0. */
export interface Place {
  videoIndex: number;
  promptIndex: number;
  repeat: number;
}

/** The comparison that a job is about, or null if it is about something else. */
export function comparisonOf(
  { args, result = null }: Pick<Job, "args"> & Partial<Pick<Job, "result">>,
  steps: Step[] = [],
): Comparison | null {
  const given = texts(args.video_ids) ?? texts([args.video_id]);
  const videoIds = given && withArrivals(given, finishedCells({ result }, steps), steps);
  const prompts = texts(args.prompts) ?? texts([args.prompt]);
  const models = texts(args.models);
  const repeats = typeof args.repeats === "number" ? args.repeats : 1;
  return videoIds && prompts && models ? { videoIds, prompts, models, repeats } : null;
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

/** A cell's name: the places of its video, prompt and model, counted from 1, and which time it is from 2 on. */
export function cellName({ videoIndex, promptIndex, repeat }: Place, model: number): string {
  const first = `${videoIndex + 1}.${promptIndex + 1}.${model + 1}`;
  return repeat === 1 ? first : `${first}.${repeat}`;
}

/** All places in the order of reading. */
export function placesOf({ videoIds, prompts, repeats }: Comparison): Place[] {
  return videoIds.flatMap((_, videoIndex) =>
    prompts.flatMap((_, promptIndex) =>
      Array.from({ length: repeats }, (_, index) => ({ videoIndex, promptIndex, repeat: index + 1 })),
    ),
  );
}

/** Where the answers to one video and prompt are shown side by side, at most as many as fit. */
export function rowHref(jobId: string, place: Place, { models }: Comparison): string {
  const names = models.slice(0, SIDES).map((_, model) => cellName(place, model));
  return `/jobs/${jobId}/view?cells=${names.join(",")}`;
}

/** The videos, those that came of uploads in the place of these. */
function withArrivals(given: string[], cells: Map<string, Cell>, steps: Step[]): string[] {
  if (!given.some(isUploadId)) return given;
  const arrived = new Map(arrivals(steps).map(({ upload_id, video_id }) => [upload_id, video_id]));
  const first = (index: number) =>
    [...cells.values()].find(({ cell }) => cell.startsWith(`${index + 1}.`))?.video_id;
  return given.map((id, index) => (isUploadId(id) ? (arrived.get(id) ?? first(index) ?? id) : id));
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
