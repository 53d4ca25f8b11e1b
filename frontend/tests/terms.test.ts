// @vitest-environment jsdom
import { expect, test } from "vitest";
import { countCells, missing } from "@/features/compare/draft";
import { AT_ONCE } from "@/features/compare/run-options";
import { curlOf } from "@/features/compare/submit";
import { readTerms, USUAL_TERMS } from "@/features/compare/terms";

const draft = { videoIds: ["v"], prompts: ["What?"], models: ["a", "b"], terms: USUAL_TERMS };

test("what is left empty is left to the models", () => {
  expect(readTerms(USUAL_TERMS)).toEqual({ terms: {}, problems: {} });
  expect(readTerms({ ...USUAL_TERMS, repeats: "1", system: "  " }).terms).toEqual({});
});

test("what is written goes to the server as it takes it", () => {
  const written = {
    repeats: "3",
    fps: "0.5",
    clipStart: "5",
    clipEnd: "1:02:03.5",
    resolution: "low",
    thinking: "high",
    temperature: "0",
    system: " Be brief. ",
    schema: '{"type": "object"}',
  };
  expect(readTerms(written)).toEqual({
    terms: {
      repeats: 3,
      options: {
        fps: 0.5,
        clip_start: 5,
        clip_end: 3723.5,
        resolution: "low",
        thinking_level: "high",
        temperature: 0,
        system_instruction: "Be brief.",
        response_schema: { type: "object" },
      },
    },
    problems: {},
  });
});

test.each([
  ["repeats", "11"],
  ["repeats", "1.5"],
  ["fps", "0"],
  ["fps", "many"],
  ["temperature", "2.1"],
  ["clipStart", "-1"],
  ["clipEnd", "soon"],
  ["clipEnd", "0"],
  ["schema", "[]"],
  ["schema", "{"],
])("%s cannot be %s, and then nothing starts", (field, text) => {
  const terms = { ...USUAL_TERMS, [field]: text };
  expect(Object.keys(readTerms(terms).problems)).toEqual([field]);
  expect(missing({ ...draft, terms })).toEqual(["usable options"]);
});

test("a clip ends after it starts", () => {
  const { problems } = readTerms({ ...USUAL_TERMS, clipStart: "0:10", clipEnd: "10" });
  expect(problems.clipEnd).toBe("It must be after the start.");
});

test("each repeat is a cell of its own", () => {
  expect(countCells({ ...draft, terms: { ...USUAL_TERMS, repeats: "3" } }, 1)).toBe(6);
});

test("the form as a command holds the same, quoted for a shell", () => {
  const options = { ...AT_ONCE, tags: "one, two, one", title: " It's ", budget: "0.5", fresh: true };
  const command = curlOf({ ...draft, prompts: ["Who's there?"] }, options);
  const [, data = "", url] = /^curl --json '(.*)' '(.*)'$/.exec(command) ?? [];
  expect(url).toMatch(/\/api\/compare-async$/);
  expect(JSON.parse(data.replaceAll(String.raw`'\''`, "'"))).toEqual({
    video_id: "v",
    prompt: "Who's there?",
    models: ["a", "b"],
    title: "It's",
    budget_usd: 0.5,
    fresh: true,
    tags: ["one", "two"],
  });
});
