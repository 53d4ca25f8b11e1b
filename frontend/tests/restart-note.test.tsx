// @vitest-environment jsdom
import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { RestartNote } from "@/features/jobs/restart-note";
import type { Attempt, Job, Step } from "@/lib/api/types";
import { jobOf } from "./job-fixtures";

afterEach(cleanup);

const at = (minute: number) => new Date(2026, 10, 23, 14, minute).toISOString();
const attempt = (number: number, start: number, part: Partial<Attempt> = {}): Attempt => ({
  number,
  worker: "w",
  started_at: at(start),
  ended_at: null,
  outcome: null,
  error: null,
  steps: 0,
  sleeps: [],
  ...part,
});
const steps = [1, 2, 3, 9].map(
  (minute, index): Step => ({ number: index + 1, name: "cell", value: {}, finished_at: at(minute) }),
);

function noteOf(job: Partial<Job>): string {
  const { container } = render(<RestartNote job={jobOf(job)} steps={steps} stepWords={["cell", "cells"]} />);
  return container.textContent ?? "";
}

test("a job that was never interrupted says nothing", () => {
  expect(noteOf({ attempts: [attempt(1, 0)] })).toBe("");
});

test("a job that went on says since when and with how much", () => {
  const attempts = [attempt(1, 0, { outcome: "interrupted", ended_at: at(4) }), attempt(2, 5)];
  expect(noteOf({ attempts })).toMatch(/^Continued after restart at .*14:05: 3 finished cells were kept\.$/);
});

test("several restarts are counted, and the last one is told", () => {
  const gone = (number: number, start: number) => attempt(number, start, { outcome: "interrupted" });
  const note = noteOf({ attempts: [gone(1, 0), gone(2, 5), attempt(3, 10)] });
  expect(note).toContain("14:10: 4 finished cells were kept. (2 restarts so far.)");
});

test("a job that waits to go on says so, one that has ended does not", () => {
  const attempts = [attempt(1, 0, { outcome: "interrupted", ended_at: at(2) })];
  expect(noteOf({ status: "pending", attempts })).toContain(
    "It continues by itself: 2 finished cells were kept",
  );
  cleanup();
  expect(noteOf({ status: "failed", attempts })).toBe("");
});
