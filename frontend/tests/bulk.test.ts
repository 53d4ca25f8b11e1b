// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toasts } from "@/components/ui/toasts";
import { actOnAll, actOnEach, countAll, countReached, restorePriorities } from "@/features/jobs/bulk";
import { deletion } from "@/features/jobs/deletion";
import { EVERY_JOB } from "@/features/jobs/job-filter";
import { summaryOf } from "./job-fixtures";
import { serve } from "./local-server";

const SINCE = "2026-11-25T00:00:00.000Z";
let calls: string[];
let stop: () => Promise<void>;

beforeEach(async () => {
  calls = [];
  stop = await serve((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      calls.push(`${request.method} ${request.url} ${body}`.trim());
      const refused = request.url?.includes("busy");
      response.statusCode = refused ? 409 : request.method === "DELETE" ? 204 : 200;
      response.end(refused ? '{"detail":"It runs."}' : request.method === "DELETE" ? "" : '{"jobs":3}');
    });
  });
});

afterEach(async () => {
  vi.useRealTimers();
  await stop();
});

test("an action on all that match reaches only the statuses that it is meant for", async () => {
  await actOnAll("retry", { ...EVERY_JOB, q: " clip " });
  await actOnAll("delete", { ...EVERY_JOB, status: "failed", tag: "nightly", since: SINCE });
  expect(calls.map((call) => JSON.parse(call.slice(call.indexOf("{"))))).toEqual([
    {
      action: "retry",
      filter: { status: ["failed", "cancelled"], kind: null, tag: null, about: null, q: "clip", since: null },
    },
    {
      action: "delete",
      filter: { status: ["failed"], kind: null, tag: "nightly", about: null, q: null, since: SINCE },
    },
  ]);
});

test("a priority is set on all that match and wait, after the server has counted them", async () => {
  expect(await countAll("edit", { ...EVERY_JOB, tag: "nightly" })).toBe(3);
  expect((await actOnAll("edit", { ...EVERY_JOB, tag: "nightly" }, { priority: 7 })).done).toBe(3);
  const filter = { status: ["pending"], kind: null, tag: "nightly", about: null, q: null, since: null };
  expect(calls.map((call) => JSON.parse(call.slice(call.indexOf("{"))))).toEqual([
    { action: "edit", filter, changes: { priority: 0 }, dry_run: true },
    { action: "edit", filter, changes: { priority: 7 } },
  ]);
});

test("chosen jobs get a priority, and their own ones back", async () => {
  await actOnEach("edit", ["a"], { priority: 7 });
  await restorePriorities([summaryOf({ job_id: "a", priority: -2 })]);
  expect(calls).toEqual([
    'PATCH /prefix/api/jobs/a {"priority":7}',
    'PATCH /prefix/api/jobs/a {"priority":-2}',
  ]);
});

test("an action on all counts only the jobs that it would reach", () => {
  const counts = { pending: 5, running: 1, completed: 100, failed: 7, cancelled: 2 };
  expect(countReached("cancel", EVERY_JOB, counts)).toBe(6);
  expect(countReached("retry", { ...EVERY_JOB, status: "failed" }, counts)).toBe(7);
  expect(countReached("cancel", { ...EVERY_JOB, status: "completed" }, counts)).toBe(0);
  expect(countReached("delete", { ...EVERY_JOB, q: "film" }, counts)).toBeNull();
});

test("of many jobs, those that refuse are told and the others done", async () => {
  const outcome = await actOnEach("cancel", ["a", "busy", "c", "d", "e", "f"]);
  expect(outcome.done).toBe(5);
  expect(outcome.refused.map(({ message }) => message)).toEqual(["It runs."]);
  expect(calls).toContain("POST /prefix/api/jobs/a/cancel");
});

test("a deletion waits ten seconds and then happens", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  deletion.delete(["a", "b"]);
  expect([...deletion.snapshot()]).toEqual(["a", "b"]);
  await vi.advanceTimersByTimeAsync(9_900);
  expect(calls).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  vi.useRealTimers();
  await vi.waitFor(() =>
    expect(calls.toSorted()).toEqual(["DELETE /prefix/api/jobs/a", "DELETE /prefix/api/jobs/b"]),
  );
  await vi.waitFor(() => expect(deletion.snapshot().size).toBe(0));
});

test("a deletion that is taken back never happens", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  deletion.delete(["a"]);
  toasts.snapshot().at(-1)?.action?.run();
  await vi.advanceTimersByTimeAsync(11_000);
  expect(deletion.snapshot().size).toBe(0);
  expect(calls).toEqual([]);
});
