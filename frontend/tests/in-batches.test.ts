import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InBatches } from "@/lib/in-batches";

const PAUSE = 100;
let batches: number[][];
let inBatches: InBatches<number>;

beforeEach(() => {
  vi.useFakeTimers();
  batches = [];
  inBatches = new InBatches<number>((batch) => batches.push([...batch]), PAUSE);
});

afterEach(() => void vi.useRealTimers());

test("what comes alone is handed on at once", () => {
  inBatches.add(1);
  expect(batches).toEqual([[1]]);
  vi.advanceTimersByTime(PAUSE);
  inBatches.add(2);
  expect(batches).toEqual([[1], [2]]);
});

test("a storm is handed on in its order, once in each pause", () => {
  for (let number = 0; number < 1_000; number++) inBatches.add(number);
  expect(batches).toEqual([[0]]);
  vi.advanceTimersByTime(PAUSE);
  expect(batches[1]).toEqual(Array.from({ length: 999 }, (_, index) => index + 1));
  inBatches.add(1_000);
  expect(batches).toHaveLength(2);
  vi.advanceTimersByTime(PAUSE);
  expect(batches[2]).toEqual([1_000]);
});

test("nothing is handed on where nothing came", () => {
  inBatches.add(1);
  vi.advanceTimersByTime(10 * PAUSE);
  expect(batches).toEqual([[1]]);
  expect(vi.getTimerCount()).toBe(0);
});

test("what waits can be had before its time, and is not handed on again", () => {
  inBatches.add(1);
  inBatches.add(2);
  inBatches.flush();
  expect(batches).toEqual([[1], [2]]);
  vi.advanceTimersByTime(PAUSE);
  expect(batches).toEqual([[1], [2]]);
});

test("a batch that cannot be taken does not hold up the next", () => {
  let fails = true;
  const taken: number[] = [];
  const fragile = new InBatches<number>((batch) => {
    if (fails) throw new Error("not now");
    taken.push(...batch);
  }, PAUSE);
  expect(() => fragile.add(1)).toThrow("not now");
  fails = false;
  fragile.add(2);
  vi.advanceTimersByTime(PAUSE);
  expect(taken).toEqual([2]);
});

test("one that was stopped does nothing by itself", () => {
  inBatches.add(1);
  inBatches.add(2);
  inBatches.stop();
  vi.advanceTimersByTime(PAUSE);
  expect(batches).toEqual([[1]]);
});
