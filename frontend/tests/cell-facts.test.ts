import { expect, test } from "vitest";
import { otherModel } from "@/features/results/cell-facts";

test.each([
  ["gemini-3.8-flash", "gemini-3.8-flash", null],
  ["studio/gemma4:12b", "gemma4:12b", null],
  ["openai/gpt-5", "gpt-5-2026-08-07", null],
  ["gemini-3.8-flash", "gemini-3.8-flash-001", null],
  ["gemini-3.8-flash", null, null],
  ["gemini-3.8-flash", "gemini-3.8-flash-lite", "gemini-3.8-flash-lite"],
  ["studio/org/model", "other/model", "other/model"],
  ["studio/gemma4:12b", "gemma4:1", "gemma4:1"],
])("asked %s, answered by %s", (model, answered_by, other) => {
  expect(otherModel({ model, answered_by })).toBe(other);
});
