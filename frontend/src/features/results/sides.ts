import { type Comparison, cellName, type Place, placesOf } from "@/features/results/comparison";

/** What is shown side by side: answers to one prompt about one video; models counted from 0. */
export interface Sides extends Place {
  modelIndexes: number[];
}

/** What "cells=1.2.1,1.2.3" asks for; null if that is not in the comparison. */
export function sidesFrom(cells: string | null, comparison: Comparison): Sides | null {
  const places = (cells ?? "").split(",").map(placeFrom);
  const [first] = places;
  const there = placesOf(comparison).some((place) => first && isSame(place, first));
  if (!first || !there) return null;
  const modelIndexes = places.flatMap((place) =>
    isSame(place, first) && comparison.models[place.model] ? [place.model] : [],
  );
  if (modelIndexes.length === 0) return null;
  const { videoIndex, promptIndex, repeat } = first;
  return { videoIndex, promptIndex, repeat, modelIndexes: [...new Set(modelIndexes)] };
}

/** The same in an address. */
export function cellsOf(sides: Sides): string {
  return sides.modelIndexes.map((model) => cellName(sides, model)).join(",");
}

/** Which of all rows this is, counted from 0. */
export function indexOf(sides: Sides, comparison: Comparison): number {
  return placesOf(comparison).findIndex((place) => isSame(place, sides));
}

/** The same models in the row `step` further on, through all videos; null at either end. */
export function neighbour(sides: Sides, step: number, comparison: Comparison): Sides | null {
  const place = placesOf(comparison)[indexOf(sides, comparison) + step];
  return place ? { ...sides, ...place } : null;
}

function placeFrom(name: string): Place & { model: number } {
  const [video = 0, prompt = 0, model = 0, repeat = 1] = name.split(".").map(Number);
  return { videoIndex: video - 1, promptIndex: prompt - 1, repeat, model: model - 1 };
}

function isSame(a: Place, b: Place): boolean {
  return a.videoIndex === b.videoIndex && a.promptIndex === b.promptIndex && a.repeat === b.repeat;
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
