import { expect, test } from "vitest";
import { plainText } from "@/features/results/plain-text";

test("the marks of Markdown go, the words and lines stay", () => {
  const text = "## Scenes\n\n> At **0:05** a `cut`.\n\n- one\n\n| Time | What |\n|---|:--:|\n| 0:01 | a_b |";
  expect(plainText(text)).toBe("Scenes\n\nAt 0:05 a cut.\n\n- one\n\nTime  What\n\n0:01  a_b");
});

test("a text without marks stays as it is", () => {
  expect(plainText("2 * 3 = 6, #1 of a - b\nx|y and more")).toBe("2 * 3 = 6, #1 of a - b\nx|y and more");
});
