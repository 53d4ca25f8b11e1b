import { expect, test } from "vitest";
import {
  count,
  formatAge,
  formatBytes,
  formatClock,
  formatCost,
  formatPercent,
  formatSeconds,
  formatTime,
  secondsBetween,
} from "@/lib/format";

test.each([
  [0, "0:00"],
  [12.34, "0:12.3"],
  [75, "1:15"],
  [75.25, "1:15.2"],
  [3700, "1:01:40"],
  [59.96, "0:59.9"],
  [18.5, "0:18.5"],
])("position %d s is %s", (seconds, text) => {
  expect(formatClock(seconds)).toBe(text);
});

test.each([
  [0.41, "0.4 s"],
  [5, "5 s"],
  [9.97, "10 s"],
  [59.4, "59 s"],
  [65, "1 min 05 s"],
  [7805, "2 h 10 min"],
])("length %d s is %s", (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test.each([
  [999, "999 B"],
  [1_049, "1.0 kB"],
  [4_139_823, "4.1 MB"],
  [505_000, "505 kB"],
  [2_000_000_000, "2.0 GB"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, "free"],
  [0.00001, "est. < $0.0001"],
  [0.0021, "est. $0.0021"],
  [0.002, "est. $0.002"],
  [0.05, "est. $0.05"],
  [1.5, "est. $1.50"],
])("a price of %d dollars is %s", (dollars, text) => {
  expect(formatCost(dollars)).toBe(text);
});

test("a percentage is never rounded up to done", () => {
  expect(formatPercent(99.9)).toBe("99%");
});

test("a time of today has no date, one of another day has", () => {
  const now = new Date(2026, 10, 23, 18, 0);
  expect(formatTime(new Date(2026, 10, 23, 14, 2).toISOString(), now)).toBe("14:02");
  expect(formatTime(new Date(2026, 10, 3, 9, 5).toISOString(), now)).toBe("3 Nov, 09:05");
  expect(formatTime(new Date(2025, 10, 3, 9, 5).toISOString(), now)).toBe("3 Nov 2025, 09:05");
});

test.each([
  [10, "just now"],
  [300, "5 min ago"],
  [7_200, "2 h ago"],
  [86_400, "1 day ago"],
  [3 * 86_400, "3 days ago"],
])("%d s ago is %s", (seconds, text) => {
  const now = new Date(2026, 10, 23, 18, 0);
  expect(formatAge(new Date(now.getTime() - seconds * 1_000).toISOString(), now)).toBe(text);
});

test("a count chooses the right word", () => {
  expect(count(1, "cell", "cells")).toBe("1 cell");
  expect(count(1_200, "cell", "cells")).toBe("1,200 cells");
});

test("what has not ended is measured to now, and a clock behind the server's gives nothing below zero", () => {
  const now = new Date("2026-11-23T18:00:10Z");
  expect(secondsBetween("2026-11-23T18:00:00Z", null, now)).toBe(10);
  expect(secondsBetween("2026-11-23T18:00:00Z", "2026-11-23T18:00:04Z", now)).toBe(4);
  expect(secondsBetween("2026-11-23T18:01:00Z", null, now)).toBe(0);
});
