import { expect, test } from "vitest";
import { cellsOf, neighbour, type Sides, shuffled, sidesFrom } from "@/features/results/sides";
import { type Measure, placeAt, topOf } from "@/features/results/sync-scroll";

const comparison = { videoIds: ["v", "w"], prompts: ["p", "q", "r"], models: ["a", "b", "c"], repeats: 1 };
const sides: Sides = { videoIndex: 0, promptIndex: 2, repeat: 1, modelIndexes: [0, 2] };

test("which answers are shown is in the address and comes back from there", () => {
  expect(cellsOf(sides)).toBe("1.3.1,1.3.3");
  expect(sidesFrom("1.3.1,1.3.3", comparison)).toEqual(sides);
});

test.each([null, "", "x", "9.1.1", "1.9.1", "1.1.9", "0.0.0"])("nothing is shown for %s", (cells) => {
  expect(sidesFrom(cells, comparison)).toBeNull();
});

test("answers to another question, twice the same, and models that are not there are left out", () => {
  expect(sidesFrom("1.1.1,1.1.1,1.2.2,1.1.9,1.1.2", comparison)?.modelIndexes).toEqual([0, 1]);
});

test("the next question goes on through the videos and ends with the last", () => {
  expect(neighbour(sides, 1, comparison)).toMatchObject({ videoIndex: 1, promptIndex: 0 });
  expect(neighbour(sides, -1, comparison)).toMatchObject({ videoIndex: 0, promptIndex: 1 });
  expect(neighbour({ ...sides, videoIndex: 1 }, 1, comparison)).toBeNull();
});

test("each time a prompt is asked has a place of its own", () => {
  const twice = { ...comparison, repeats: 2 };
  const second = { ...sides, repeat: 2 };
  expect(cellsOf(second)).toBe("1.3.1.2,1.3.3.2");
  expect(sidesFrom("1.3.1.2,1.3.3.2", twice)).toEqual(second);
  expect(sidesFrom("1.3.1.2", comparison)).toBeNull();
  expect(neighbour(sides, 1, twice)).toEqual(second);
  expect(neighbour(second, 1, twice)).toMatchObject({ videoIndex: 1, promptIndex: 0, repeat: 1 });
});

test("a blind order is the same at each look and not the same for each question", () => {
  const orders = Array.from({ length: 40 }, (_, row) => shuffled([0, 1], `job ${row}`).join(""));
  expect(shuffled([0, 1], "job 1")).toEqual(shuffled([0, 1], "job 1"));
  const straight = orders.filter((order) => order === "01").length;
  expect(straight).toBeGreaterThan(8);
  expect(straight).toBeLessThan(32);
});

test("texts of as many blocks scroll block by block, others by proportion", () => {
  const short: Measure = { starts: [0, 100, 200], height: 300, room: 100 };
  const long: Measure = { starts: [0, 500, 900], height: 1_300, room: 100 };
  expect(topOf(placeAt(150, short), long)).toBe(700);
  expect(topOf(placeAt(100, short), { starts: [0], height: 500, room: 100 })).toBe(200);
});
