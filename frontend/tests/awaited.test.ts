import { expect, test } from "vitest";
import { arrivals, awaitedUploads, spansOfUploads, uploadNames } from "@/features/results/awaited";
import { comparisonOf } from "@/features/results/comparison";
import type { Step } from "@/lib/api/types";

const CAME = "a".repeat(32);
const LOST = "b".repeat(32);
const SINCE = "2026-11-23T18:00:00Z";
const error = { kind: "video_missing", message: "Given up.", what_to_do: "Upload it.", retryable: false };

const step = (name: string, value: unknown): Step => ({
  number: 1,
  name,
  value,
  finished_at: "2026-11-23T18:00:30Z",
});
const steps = [
  step(`upload ${CAME}`, { upload_id: CAME, name: "came.mp4", since: SINCE, video_id: "v" }),
  step(`upload ${LOST}`, { upload_id: LOST, name: "lost.mp4", since: SINCE, error }),
  step("cell 1.1.1", { cell: "1.1.1", video_id: "v" }),
];
const args = { video_ids: [CAME, LOST, "w"], prompts: ["p"], models: ["m"] };

test("a video that came stands in the place of its upload, while the job runs and after it", () => {
  expect(comparisonOf({ args }, steps)?.videoIds).toEqual(["v", LOST, "w"]);
  const result = { cells: [{ cell: "1.1.1", video_id: "v" }], totals: {} };
  expect(comparisonOf({ args, result })?.videoIds).toEqual(["v", LOST, "w"]);
  expect(comparisonOf({ args })?.videoIds).toEqual([CAME, LOST, "w"]);
});

test("uploads are called by their files, come or not", () => {
  const waiting = { name: "late.mp4", sent: 1, size: 4, since: SINCE };
  const live = { "upload c": waiting, "cell 1.1.1": {} };
  expect([...awaitedUploads(live)]).toEqual([["c", waiting]]);
  expect([...uploadNames({ steps, live }).values()]).toEqual(["came.mp4", "lost.mp4", "late.mp4"]);
  expect(arrivals(steps)).toHaveLength(2);
});

test("the timeline shows how long each was waited for", () => {
  const live = { "upload c": { name: "late.mp4", sent: 1, size: 4, since: SINCE } };
  const spans = spansOfUploads({ steps, live });
  expect(spans.map(({ says, tone }) => `${says} ${tone}`)).toEqual([
    "came.mp4 came, after 30 s good",
    "lost.mp4 never came, after 30 s bad",
    "Waiting for late.mp4 busy",
  ]);
  expect(spans.map(({ to }) => to === null)).toEqual([false, false, true]);
});
