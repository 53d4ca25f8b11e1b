import { describe, expect, test } from "vitest";
import {
  finderOf,
  findMentions,
  mentionFromHref,
  mentionHref,
  parseClock,
} from "@/features/results/timestamps";

test.each([
  ["at 12:34 a red car", "12:34", 754, null],
  ["at 1:02:03 the end", "1:02:03", 3723, null],
  ["[00:12.500] a cut", "00:12.500", 12.5, null],
  ["(0:05)", "0:05", 5, null],
  ["between 0:10–0:15 he sleeps", "0:10–0:15", 10, 15],
  ["0:10 - 0:15: sleeps", "0:10 - 0:15", 10, 15],
  ["from 0:10 to 0:15", "0:10 to 0:15", 10, 15],
  ["from 0:10 until 0:15", "0:10 until 0:15", 10, 15],
  ["0:10 -> 0:15", "0:10 -> 0:15", 10, 15],
  ["00:00:10.000 --> 00:00:15.500", "00:00:10.000 --> 00:00:15.500", 10, 15.5],
  ["0:10→0:15", "0:10→0:15", 10, 15],
  ["12s–15s", "12s–15s", 12, 15],
  ["12.5-15 seconds", "12.5-15 seconds", 12.5, 15],
  ["ends at 0:30.", "0:30", 30, null],
  ["90:15 into it", "90:15", 5415, null],
])("in %j it finds %j", (text, mention, seconds, end) => {
  const [found] = findMentions(text);
  expect(found && text.slice(found.from, found.to)).toBe(mention);
  expect(found).toMatchObject({ seconds, end });
});

test.each([
  "a ratio of 16:9",
  "it took 14 s",
  "on 2026-11-23T18:00:00Z",
  "version 1.2:34x",
  "localhost:8000",
  "verse 3:75",
  "10 to 15 cars",
  "http://example.org/12:34",
])("in %j it finds nothing", (text) => {
  expect(findMentions(text)).toEqual([]);
});

test("it finds all, in order", () => {
  expect(findMentions("0:01, then 0:02–0:03; 0:04").map(({ seconds }) => seconds)).toEqual([1, 2, 4]);
});

describe("links", () => {
  test.each([
    { seconds: 12.5, end: null },
    { seconds: 10, end: 15 },
  ])("%j survives its way through a link", (mention) => {
    expect(mentionFromHref(mentionHref(mention))).toEqual(mention);
  });

  test.each([undefined, "", "#t=", "#t=x", "https://example.org/#t=5", "#t=5;x"])(
    "%j is another link",
    (href) => {
      expect(mentionFromHref(href)).toBeNull();
    },
  );
});

test("a clock with hours is read in seconds", () => {
  expect(parseClock("1:02:03.5")).toBe(3723.5);
});

test("what the server found is found where it is written, whole and nowhere else", () => {
  const find = finderOf(
    [
      { seconds: 5, end: null, text: "0:05" },
      { seconds: 5, end: 9, text: "0:05-0:09" },
      { seconds: 12, end: null, text: "12s" },
    ],
    9_000,
  );
  const text = "0:05-0:09: then 0:05 and 12s; 10:05, 1:00:05 and 0:06 are not among them";
  expect(find(text).map(({ from, to }) => text.slice(from, to))).toEqual(["0:05-0:09", "0:05", "12s"]);
  expect(find(text)[0]).toMatchObject({ seconds: 5, end: 9 });
});

test("moments beyond the end, which the server leaves out, are found too", () => {
  const text = "0:05 and 1:20";
  const find = finderOf([{ seconds: 5, end: null, text: "0:05" }], 30);
  expect(find(text).map(({ seconds }) => seconds)).toEqual([5, 80]);
  expect(finderOf([], null)(text)).toEqual([]);
});
