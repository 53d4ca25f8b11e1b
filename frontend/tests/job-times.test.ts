import { expect, test } from "vitest";
import { formatTimeLeft, timeLeft } from "@/features/jobs/time-left";
import { lanesOf } from "@/features/jobs/timeline";
import type { Attempt, Job } from "@/lib/api/types";
import { jobOf } from "./job-fixtures";

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 18, 0, second)).toISOString();
const attempt = (number: number, start: number, end: number | null = null): Attempt => ({
  number,
  worker: "w",
  started_at: at(start),
  ended_at: end === null ? null : at(end),
  outcome: end === null ? null : "interrupted",
  error: null,
  steps: 0,
  sleeps: [],
});

function left(part: Partial<Job>): number | null {
  return timeLeft(jobOf({ attempts: [attempt(1, 0)], ...part }), new Date(at(30)));
}

test("the time left follows from the time that was worked", () => {
  expect(left({ progress: 25 })).toBe(90);
  const restarted = [attempt(1, 0, 10), attempt(2, 20)];
  expect(left({ progress: 50, attempts: restarted })).toBe(20);
});

test("nothing is said that would be a guess", () => {
  expect(left({ progress: 2 })).toBeNull();
  expect(left({ progress: 100 })).toBeNull();
  expect(left({ progress: 50, status: "pending" })).toBeNull();
  expect(left({ progress: 50, attempts: [attempt(1, 29)] })).toBeNull();
});

test.each([
  [5, "a few seconds left"],
  [60, "about a minute left"],
  [130, "about 2 min left"],
  [5_400, "about 1.5 h left"],
  [7_200, "about 2 h left"],
])("%d seconds are %s", (seconds, words) => {
  expect(formatTimeLeft(seconds)).toBe(words);
});

test("the timeline tells of waiting, of each attempt, and of the steps in lanes of their own", () => {
  const job = jobOf({ created_at: at(0), attempts: [attempt(1, 2, 10), attempt(2, 15)] });
  const step = (from: number) => ({ lane: "a", says: "", from, to: from + 1, tone: "good" }) as const;
  const lanes = lanesOf(job, [step(1), step(2)], Date.parse(at(20)));
  expect(lanes.map(({ name, spans }) => [name, spans.length])).toEqual([
    ["Job", 4],
    ["a", 2],
  ]);
  expect(lanes[0]?.spans.map(({ says }) => says)).toEqual([
    "Waiting 2 s",
    "Attempt 1: interrupted, to be continued after 8 s",
    "Waiting 5 s",
    "Attempt 2: running after 5 s",
  ]);
});

test("the timeline tells when the computer slept, no longer than the attempt it was in", () => {
  const sleeps = [
    { woke_at: at(20), seconds: 8 },
    { woke_at: at(25), seconds: 40 },
  ];
  const job = jobOf({ created_at: at(0), attempts: [{ ...attempt(1, 10), sleeps }] });
  const computer = lanesOf(job, [], Date.parse(at(30))).find(({ name }) => name === "Computer asleep");
  expect(computer?.spans.map(({ says, from, to }) => [says, from, to])).toEqual([
    ["Slept 8 s", Date.parse(at(12)), Date.parse(at(20))],
    ["Slept 40 s", Date.parse(at(10)), Date.parse(at(25))],
  ]);
});

test("what goes on grows with the time, and ends with the attempt", () => {
  const step = { lane: "a", says: "", from: Date.parse(at(12)), to: null, tone: "busy" } as const;
  const drawn = (part: Partial<Job>, now: number) => {
    const job = jobOf({ created_at: at(0), attempts: [attempt(1, 10)], ...part });
    return lanesOf(job, [step], Date.parse(at(now)))
      .filter(({ name }) => name === "a")
      .flatMap(({ spans }) => spans.map(({ from, to }) => [from, to]));
  };
  expect(drawn({}, 20)).toEqual([[step.from, Date.parse(at(20))]]);
  expect(drawn({}, 30)).toEqual([[step.from, Date.parse(at(30))]]);
  expect(drawn({}, 11)).toEqual([[step.from, step.from]]); // the server's clock is ahead
  expect(drawn({ status: "pending", attempts: [attempt(1, 10, 15)] }, 30)).toEqual([]);
});
