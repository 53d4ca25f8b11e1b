import { expect, test } from "vitest";
import { cellName, comparisonOf, finishedCells } from "@/features/results/comparison";
import type { Step } from "@/lib/api/types";

const step = (number: number, value: unknown): Step => ({
  number,
  name: `cell ${number}`,
  value,
  finished_at: "2026-11-23T18:00:00Z",
});

test("one video and prompt is a comparison like many", () => {
  expect(comparisonOf({ args: { video_id: "v", prompt: "p", models: ["m"] } })).toEqual({
    videoIds: ["v"],
    repeats: 1,
    prompts: ["p"],
    models: ["m"],
  });
  expect(
    comparisonOf({ args: { video_ids: ["v", "w"], prompts: ["p"], models: ["m"], repeats: 3 } }),
  ).toEqual({
    videoIds: ["v", "w"],
    repeats: 3,
    prompts: ["p"],
    models: ["m"],
  });
});

test.each([{}, { video_id: 1, prompt: "p", models: ["m"] }, { video_id: "v", prompt: "p", models: [] }])(
  "%j is about something else",
  (args) => {
    expect(comparisonOf({ args })).toBeNull();
  },
);

test("cells come from the steps until there is a result, and other steps are none", () => {
  const steps = [step(1, { uri: "files/1" }), step(2, { cell: "1.1.2", text: "a" }), step(3, null)];
  expect([...finishedCells({ result: null }, steps).keys()]).toEqual(["1.1.2"]);
  const result = { cells: [{ cell: "1.1.1" }, { cell: "1.1.2" }], totals: {} };
  expect([...finishedCells({ result }, steps).keys()]).toEqual(["1.1.1", "1.1.2"]);
});

test("a cell is named by its places, counted from 1", () => {
  expect(cellName({ videoIndex: 0, promptIndex: 1, repeat: 1 }, 2)).toBe("1.2.3");
});
