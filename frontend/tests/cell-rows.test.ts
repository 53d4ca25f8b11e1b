import { expect, test } from "vitest";
import { type CellFilter, type CellRow, passes, rowsOf, timeOf } from "@/features/results/cell-rows";
import { liveCells } from "@/features/results/comparison";
import type { Cell } from "@/lib/api/types";
import { cellOf } from "./cell-fixtures";

function row(...cells: (Cell | null)[]): CellRow {
  return { name: "1.1.1", videoIndex: 0, promptIndex: 0, repeat: 1, cells };
}

test("there is a row for each video and prompt, with a place for each model", () => {
  const comparison = { videoIds: ["v", "w"], prompts: ["p", "q"], models: ["a", "b"], repeats: 1 };
  const rows = rowsOf(comparison, new Map([["2.1.2", cellOf({ cell: "2.1.2" })]]));
  expect(rows.map(({ name }) => name)).toEqual(["1.1.1", "1.2.1", "2.1.1", "2.2.1"]);
  expect(rows[2]?.cells.map((cell) => cell?.cell ?? null)).toEqual([null, "2.1.2"]);
});

test("a prompt that is asked twice has two rows", () => {
  const comparison = { videoIds: ["v"], prompts: ["p"], models: ["a", "b"], repeats: 2 };
  const rows = rowsOf(comparison, new Map([["1.1.2.2", cellOf({ cell: "1.1.2.2" })]]));
  expect(rows.map((each) => timeOf(each, comparison))).toEqual(["1 of 2", "2 of 2"]);
  expect(rows.map(({ cells }) => cells.map((cell) => cell?.cell ?? null))).toEqual([
    [null, null],
    [null, "1.1.2.2"],
  ]);
});

test.each<[CellFilter, boolean, string, CellRow]>([
  ["all", true, "an empty row", row(null, null)],
  ["failed", true, "one failed cell", row(cellOf(), cellOf({ state: "failed" }))],
  ["failed", true, "one blocked cell", row(cellOf({ state: "blocked" }))],
  ["failed", false, "answers only", row(cellOf(), null)],
  ["different", false, "the same words", row(cellOf({ text: "A cut." }), cellOf({ text: "a  cut" }))],
  ["different", false, "one answer so far", row(cellOf(), null)],
  ["different", true, "other words", row(cellOf({ text: "A cut." }), cellOf({ text: "No cut." }))],
  ["unrated", true, "an answer without stars", row(cellOf({ cell: "1.1.2" }))],
  ["unrated", false, "an answer with stars", row(cellOf({ cell: "1.1.1" }))],
  ["unrated", false, "nothing to rate", row(cellOf({ cell: "1.1.2", state: "failed" }), null)],
])("%s: %s for %s", (filter, expected, _, shown) => {
  expect(passes(shown, filter, { "1.1.1": { stars: 4, note: "" } })).toBe(expected);
});

test("of what a job shows for the moment, the cells are picked out by name", () => {
  const live = liveCells({ "cell 1.1.2": { text: "So far" }, other: { text: "x" }, "cell 1.1.3": null });
  expect([...live]).toEqual([["1.1.2", { text: "So far" }]]);
});
