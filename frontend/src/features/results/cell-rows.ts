import { type Comparison, cellName, type Place, placesOf } from "@/features/results/comparison";
import type { Cell, Rating } from "@/lib/api/types";

/** One video and prompt with the answer of each model; null where there is none yet. */
export interface CellRow extends Place {
  /** That of its first cell. */
  name: string;
  cells: (Cell | null)[];
}

/** Which rows are shown. */
export type CellFilter = "all" | "failed" | "different" | "unrated";

export const CELL_FILTERS: Record<CellFilter, { word: string; description: string }> = {
  all: { word: "All", description: "Every video and prompt" },
  failed: { word: "Failed", description: "Where a model gave no answer" },
  different: { word: "Different", description: "Where the answers are not the same" },
  unrated: { word: "Unrated", description: "Where an answer has no stars yet" },
};

export function isCellFilter(value: string | null): value is CellFilter {
  return value !== null && Object.hasOwn(CELL_FILTERS, value);
}

export function rowsOf(comparison: Comparison, cells: Map<string, Cell>): CellRow[] {
  return placesOf(comparison).map((place) => ({
    ...place,
    name: cellName(place, 0),
    cells: comparison.models.map((_, model) => cells.get(cellName(place, model)) ?? null),
  }));
}

/** "2 of 3" where each prompt is asked several times. */
export function timeOf({ repeat }: Place, { repeats }: Comparison): string {
  return repeats > 1 ? `${repeat} of ${repeats}` : "";
}

/** Whether a row is of the kind that the filter asks for; `ratings` are those of its cells by name. */
export function passes(row: CellRow, filter: CellFilter, ratings: Record<string, Rating>): boolean {
  const answered = row.cells.filter((cell) => cell !== null);
  if (filter === "failed") return answered.some(hasFailed);
  if (filter === "different") return new Set(answered.map(gist)).size > 1;
  if (filter === "unrated") return answered.some((cell) => !hasFailed(cell) && !ratings[cell.cell]?.stars);
  return true;
}

export function hasFailed({ state }: Cell): boolean {
  return state === "failed" || state === "blocked";
}

/** Whether there is no whole answer, so that to ask again may help. */
export function isIncomplete({ state }: Cell): boolean {
  return state !== "completed";
}

/** What makes two answers the same: the words, whatever their case and spacing. */
function gist({ state, text }: Cell): string {
  return `${state} ${
    text
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join(" ") ?? ""
  }`;
}
