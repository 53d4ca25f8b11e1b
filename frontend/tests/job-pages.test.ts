import { expect, test } from "vitest";
import { beginOf, dayOf, EVERY_JOB, filterFrom, type JobFilter, searchOf } from "@/features/jobs/job-filter";
import { type JobPages, jobsOf, withJobs, withoutJobs } from "@/features/jobs/job-pages";
import type { JobSummary } from "@/lib/api/types";
import { summaryOf } from "./job-fixtures";

const SINCE = "2026-11-25T00:00:00.000Z";
const counts = { pending: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };
const job = (job_id: string, part: Partial<JobSummary> = {}) => summaryOf({ job_id, ...part });

/** Two pages: d, c and b, a; and more jobs after them, or not. */
function pages(next: string | null = "more"): JobPages {
  return {
    pages: [
      { jobs: [job("d"), job("c")], next: "c", counts },
      { jobs: [job("b"), job("a")], next, counts },
    ],
    pageParams: [null, "c"],
  };
}

function withJob(list: JobPages, filter: JobFilter, ...jobs: JobSummary[]) {
  const { pages, inDoubt } = withJobs(list, filter, new Map(jobs.map((each) => [each.job_id, each])));
  return inDoubt ? null : pages;
}

function ids(list: JobPages | null): string {
  return jobsOf(list ?? undefined)
    .map(({ job_id }) => job_id)
    .join("");
}

test("a listed job is changed in its place", () => {
  const after = withJob(pages(), EVERY_JOB, job("c", { progress: 70 }));
  expect(ids(after)).toBe("dcba");
  expect(jobsOf(after ?? undefined)[1]?.progress).toBe(70);
});

test("a new job comes first, one from between comes where it belongs", () => {
  expect(ids(withJob(pages(), EVERY_JOB, job("e")))).toBe("edcba");
  expect(ids(withJob(pages(), EVERY_JOB, job("bb")))).toBe("dcbbba");
});

test("a job older than what is loaded waits for its page, unless all is loaded", () => {
  expect(ids(withJob(pages(), EVERY_JOB, job("A")))).toBe("dcba");
  expect(ids(withJob(pages(null), EVERY_JOB, job("A")))).toBe("dcbaA");
});

test("a job that the filter no longer wants leaves the list", () => {
  const running: JobFilter = { ...EVERY_JOB, status: "running" };
  expect(ids(withJob(pages(), running, job("c", { status: "completed" })))).toBe("dba");
  expect(ids(withJob(pages(), running, job("e", { status: "completed" })))).toBe("dcba");
  expect(ids(withJob(pages(), { ...EVERY_JOB, tag: "nightly" }, job("e", { tags: ["nightly"] })))).toBe(
    "edcba",
  );
});

test("a job that was created before the time that is asked for stays out", () => {
  const recent: JobFilter = { ...EVERY_JOB, since: SINCE };
  expect(ids(withJob(pages(), recent, job("e", { created_at: "2026-11-24T23:59:59.999Z" })))).toBe("dcba");
  expect(ids(withJob(pages(), recent, job("e", { created_at: SINCE })))).toBe("edcba");
});

test("a day begins where the person is", () => {
  expect(new Date(beginOf("2026-11-25") ?? "").getTime()).toBe(new Date(2026, 10, 25).getTime());
  expect(dayOf(beginOf("2026-03-01") ?? "")).toBe("2026-03-01");
  expect(beginOf("25 November")).toBeNull();
});

test("what a text finds only the server knows", () => {
  const found: JobFilter = { ...EVERY_JOB, q: "clip" };
  expect(withJob(pages(), found, job("e"))).toBeNull();
  expect(ids(withJob(pages(), found, job("d", { progress: 9 })))).toBe("dcba");
});

test("of many jobs at once each comes where it belongs", () => {
  const after = withJob(
    pages(),
    EVERY_JOB,
    job("bb"),
    job("f"),
    job("c", { progress: 70 }),
    job("A"),
    job("e"),
  );
  expect(ids(after)).toBe("fedcbbba");
  expect(jobsOf(after ?? undefined)[3]?.progress).toBe(70);
});

test("pages without a change stay the same objects, and so does a list", () => {
  const before = pages();
  const after = withJob(before, EVERY_JOB, job("a", { progress: 70 }));
  expect(after?.pages[0]).toBe(before.pages[0]);
  expect(after?.pages[1]).not.toBe(before.pages[1]);
  expect(withJob(before, EVERY_JOB, job("A"))).toBe(before);
  expect(withoutJobs(before, new Set(["x"]))).toBe(before);
});

test("what is sure is done, also where the server has to tell the rest", () => {
  const changes = new Map([job("d", { progress: 9 }), job("e")].map((each) => [each.job_id, each]));
  const { pages: after, inDoubt } = withJobs(pages(), { ...EVERY_JOB, q: "clip" }, changes);
  expect([ids(after), jobsOf(after)[0]?.progress, inDoubt]).toEqual(["dcba", 9, true]);
});

test("a deleted job is gone from whichever page it was on", () => {
  expect(ids(withoutJobs(pages(), new Set(["b", "d"])))).toBe("ca");
});

test("the filter and its address are the same thing", () => {
  const filter: JobFilter = {
    status: "failed",
    kind: "compare",
    tag: "a b",
    about: "m&n",
    q: "x&y",
    since: SINCE,
  };
  expect(filterFrom(searchOf(filter))).toEqual(filter);
  expect(searchOf(EVERY_JOB).toString()).toBe("");
  for (const nonsense of [
    "status=nonsense",
    "since=25%20November",
    "since=0000-01-01T00:00Z",
    "since=%2B123456-01-01T00:00Z",
    "since=",
  ])
    expect(filterFrom(new URLSearchParams(nonsense)), nonsense).toEqual(EVERY_JOB);
});
