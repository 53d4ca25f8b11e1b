import { expect, test } from "vitest";
import { spansOf, spansOfLive } from "@/features/results/cell-spans";
import { cellOf } from "./cell-fixtures";

const END = "2026-11-25T12:01:00.000Z";
const at = (clock: string) => Date.parse(`2026-11-25T12:00:${clock}.000Z`);
const drawn = (timings: Parameters<typeof cellOf>[0]) =>
  spansOf(cellOf(timings), END).map(({ says, from, to, tone }) => [says, from, to, tone]);

test("a cell waits, is uploaded and is answered, one after the other", () => {
  const timings = { queued: 10, upload: 5, first_token: 12, total: 30 };
  expect(drawn({ timings, attempts: 2 })).toEqual([
    ["Cell 1.1.1: waited 10 s", at("20"), at("30"), "quiet"],
    ["Cell 1.1.1: upload took 5 s", at("30"), at("35"), "busy"],
    ["Cell 1.1.1: completed after 30 s, asked 2 times", at("35"), Date.parse(END), "good"],
  ]);
});

test("what took no time is not drawn", () => {
  const timings = { queued: 0.01, upload: null, first_token: null, total: 30 };
  expect(drawn({ timings, state: "cut_off" })).toEqual([
    ["Cell 1.1.1: cut off after 30 s", at("30"), Date.parse(END), "warn"],
  ]);
});

test("a cell that was not measured has no place in time", () => {
  expect(drawn({ timings: { queued: null, upload: null, first_token: null, total: null } })).toEqual([]);
});

test("a cell that is being asked is drawn from its turn on, as long as it goes on", () => {
  const live = new Map([
    ["1.1.1", { model: "a", started_at: "2026-11-25T12:00:20.000Z", text: "A cut" }],
    ["1.1.2", { model: "b", started_at: "2026-11-25T12:00:30.000Z", waiting: 20 }],
    ["1.1.3", { model: "c", text: "told by an older worker" }],
  ]);
  expect(spansOfLive(live)).toEqual([
    { lane: "a", says: "Cell 1.1.1: being asked", from: at("20"), to: null, tone: "busy" },
    { lane: "b", says: "Cell 1.1.2: waiting to be asked again", from: at("30"), to: null, tone: "warn" },
  ]);
});
