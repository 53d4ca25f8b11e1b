import { expect, test } from "vitest";
import { askedWith } from "@/features/results/asked-with";

test("the options of a job are told in words, and nothing where none were given", () => {
  const options = { fps: 2, clip_start: 5, clip_end: 80, temperature: 0, system_instruction: "Be brief." };
  expect(askedWith({ args: { options, budget_usd: 0.5 } })).toEqual([
    "2 pictures a second",
    "from 0:05",
    "to 1:20",
    "temperature 0",
    "told “Be brief.”",
    "for at most $0.5",
  ]);
  expect(askedWith({ args: {} })).toEqual([]);
});
