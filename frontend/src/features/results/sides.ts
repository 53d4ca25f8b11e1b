import { type Comparison, cellName } from "@/features/results/comparison";

/** What is shown side by side: answers to one prompt about one video; all counted from 0. */
export interface Sides {
  videoIndex: number;
  promptIndex: number;
  modelIndexes: number[];
}

/** What "cells=1.2.1,1.2.3" asks for; null if that is not in the comparison. */
export function sidesFrom(cells: string | null, { videoIds, prompts, models }: Comparison): Sides | null {
  const places = (cells ?? "").split(",").map((name) => name.split(".").map((place) => Number(place) - 1));
  const [videoIndex = -1, promptIndex = -1] = places[0] ?? [];
  const modelIndexes = places.flatMap(([video, prompt, model = -1]) =>
    video === videoIndex && prompt === promptIndex && models[model] ? [model] : [],
  );
  if (!videoIds[videoIndex] || !prompts[promptIndex] || modelIndexes.length === 0) return null;
  return { videoIndex, promptIndex, modelIndexes: [...new Set(modelIndexes)] };
}

/** The same in an address. */
export function cellsOf({ videoIndex, promptIndex, modelIndexes }: Sides): string {
  return modelIndexes.map((model) => cellName(videoIndex, promptIndex, model)).join(",");
}

/** The same models about the prompt `step` further on, through all videos; null at either end. */
export function neighbour(sides: Sides, step: number, { videoIds, prompts }: Comparison): Sides | null {
  const at = sides.videoIndex * prompts.length + sides.promptIndex + step;
  if (at < 0 || at >= videoIds.length * prompts.length) return null;
  return { ...sides, videoIndex: Math.floor(at / prompts.length), promptIndex: at % prompts.length };
}

/** The models in an order that nobody can know and that stays the same whenever the seed is the same. */
export function shuffled(modelIndexes: readonly number[], seed: string): number[] {
  return modelIndexes.toSorted((a, b) => hash(`${seed} ${a}`) - hash(`${seed} ${b}`));
}

/** FNV-1a, with a last mixing so that seeds which differ in one letter do not keep the order. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  return (value ^ (value >>> 16)) >>> 0;
}

/** "A", "B", …: what a side is called while its model is hidden. */
export function letter(side: number): string {
  return String.fromCharCode(65 + side);
}
