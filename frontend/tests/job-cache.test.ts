import { InfiniteQueryObserver, QueryClient, QueryObserver } from "@tanstack/react-query";
import { beforeEach, expect, test, vi } from "vitest";
import { JobCache, jobKeys } from "@/features/jobs/job-cache";
import { EVERY_JOB } from "@/features/jobs/job-filter";
import { jobsOf } from "@/features/jobs/job-pages";
import { ApiProblem, Unreachable } from "@/lib/api/client";
import type { Job } from "@/lib/api/types";
import { jobOf, summaryOf } from "./job-fixtures";

const ID = jobOf().job_id;
let client: QueryClient;
let cache: JobCache;

beforeEach(() => {
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  cache = new JobCache(client);
});

function shown(): Job | undefined {
  return client.getQueryData<Job>(jobKeys.job(ID));
}

function fetchJob(answer: Job) {
  return client.fetchQuery({ queryKey: jobKeys.job(ID), queryFn: () => answer });
}

test("an event changes the job that is shown and keeps what events leave out", async () => {
  await fetchJob(jobOf({ args: { prompt: "What?" } }));
  cache.apply([{ job: summaryOf({ revision: 2, progress: 40 }) }]);
  expect(shown()).toMatchObject({ progress: 40, args: { prompt: "What?" } });
});

test("an event of a lower revision is dropped", async () => {
  await fetchJob(jobOf({ revision: 5, status: "completed", progress: 100 }));
  cache.apply([{ job: summaryOf({ revision: 4, status: "running", progress: 90 }) }]);
  expect(shown()).toMatchObject({ revision: 5, status: "completed" });
  expect(client.getQueryState(jobKeys.job(ID))?.isInvalidated).toBe(false);
});

test("within a revision progress does not go back", async () => {
  await fetchJob(jobOf({ revision: 5, progress: 50 }));
  cache.apply([{ job: summaryOf({ revision: 5, progress: 40 }) }]);
  expect(shown()?.progress).toBe(50);
});

test("an answer that was overtaken by an event is dropped", async () => {
  await fetchJob(jobOf({ revision: 1 }));
  cache.apply([{ job: summaryOf({ revision: 3, status: "completed" }) }]);
  await fetchJob(jobOf({ revision: 2 }));
  expect(shown()).toMatchObject({ revision: 3, status: "completed" });
});

test("after a reset a lower revision is the truth", async () => {
  await fetchJob(jobOf({ revision: 5 }));
  cache.reset();
  await fetchJob(jobOf({ revision: 2, status: "pending" }));
  expect(shown()).toMatchObject({ revision: 2, status: "pending" });
});

test("rows of a list follow events too, and an older page does not bring the old row back", () => {
  const page = (job = summaryOf()) => ({
    pages: [{ jobs: [job], next: null, counts: {} }],
    pageParams: [null],
  });
  const key = jobKeys.list(EVERY_JOB);
  client.setQueryData(key, page());
  cache.apply([{ job: summaryOf({ revision: 3, progress: 70 }) }]);
  expect(client.getQueryData(key)).toMatchObject(page(summaryOf({ revision: 3, progress: 70 })));
  client.setQueryData(key, page(summaryOf({ revision: 2, progress: 20 })));
  expect(client.getQueryData(key)).toMatchObject(page(summaryOf({ revision: 3, progress: 70 })));
});

test("of many changes at once the list shows the newest of each job, and is drawn once", () => {
  const key = jobKeys.list(EVERY_JOB);
  const ids = Array.from({ length: 1_000 }, (_, index) => `01ka${String(9_999 - index).padStart(22, "0")}`);
  const page = (some: string[]) => ({
    jobs: some.map((job_id) => summaryOf({ job_id })),
    next: null,
    counts: {},
  });
  client.setQueryData(key, {
    pages: [page(ids.slice(0, 500)), page(ids.slice(500))],
    pageParams: [null, "x"],
  });
  const drawn = vi.fn();
  const stop = client.getQueryCache().subscribe(({ type }) => type === "updated" && drawn());
  cache.apply([
    ...ids.flatMap((job_id) => [70, 20, 90].map((progress) => ({ job: summaryOf({ job_id, progress }) }))),
    { deleted: ids[3] ?? "" },
    { job: summaryOf({ job_id: ids[4] ?? "", revision: 2, status: "completed" }) },
  ]);
  stop();
  const rows = jobsOf(client.getQueryData(key));
  expect(rows.map(({ job_id }) => job_id)).toEqual(ids.toSpliced(3, 1));
  expect(rows[3]).toMatchObject({ revision: 2, status: "completed" });
  expect(rows[4]).toMatchObject({ revision: 1, progress: 90 });
  expect(drawn).toHaveBeenCalledTimes(1);
});

/** A list whose second page stays on its way until it is let come; how often each page was asked for. */
async function listWithASlowPage() {
  const asked = { first: 0, second: 0 };
  let come = () => {};
  const queryKey = jobKeys.list({ ...EVERY_JOB, q: "compare" });
  const list = new InfiniteQueryObserver(client, {
    queryKey,
    queryFn: async ({ pageParam }) => {
      asked[pageParam === null ? "first" : "second"] += 1;
      if (pageParam !== null) await new Promise<void>((resolve) => (come = resolve));
      return { jobs: [summaryOf({ job_id: pageParam ?? ID })], next: pageParam === null ? "later" : null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  const stop = list.subscribe(() => {});
  await vi.waitFor(() => expect(asked.first).toBe(1));
  await vi.waitFor(() => expect(list.getCurrentResult().isFetching).toBe(false));
  void list.fetchNextPage();
  await vi.waitFor(() => expect(asked.second).toBe(1));
  const rows = () => jobsOf(client.getQueryData(queryKey)).length;
  return { asked, rows, letCome: () => come(), stop };
}

test("a page that is on its way is not asked for again by a refetch, and comes", async () => {
  const { asked, rows, letCome, stop } = await listWithASlowPage();
  for (let poll = 0; poll < 3; poll++) expect(await cache.refetch()).toBe(true);
  expect(asked).toEqual({ first: 1, second: 1 });
  letCome();
  await vi.waitFor(() => expect(rows()).toBe(2));
  void cache.refetch();
  await vi.waitFor(() => expect(asked).toEqual({ first: 2, second: 1 }));
  stop();
});

test("a list in doubt is fetched again once the page that is on its way has come", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const { asked, rows, letCome, stop } = await listWithASlowPage();
    cache.apply([{ job: summaryOf({ job_id: "01ka9", title: "perhaps it matches" }) }]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(asked).toEqual({ first: 1, second: 1 });
    letCome();
    await vi.waitFor(() => expect(rows()).toBe(2));
    await vi.advanceTimersByTimeAsync(1_000);
    await vi.waitFor(() => expect(asked.first).toBe(2));
    stop();
  } finally {
    vi.useRealTimers();
  }
});

test("a reset fetches also what is on its way: it may come from another server", async () => {
  const { asked, stop } = await listWithASlowPage();
  cache.reset();
  await vi.waitFor(() => expect(asked.first).toBe(2));
  stop();
});

test("a job that comes back after its deletion is listed", () => {
  const key = jobKeys.list(EVERY_JOB);
  client.setQueryData(key, { pages: [{ jobs: [summaryOf()], next: null, counts: {} }], pageParams: [null] });
  cache.apply([{ deleted: ID }]);
  expect(jobsOf(client.getQueryData(key))).toEqual([]);
  cache.apply([{ deleted: ID }, { job: summaryOf({ revision: 9 }) }]);
  expect(jobsOf(client.getQueryData(key))).toEqual([summaryOf({ revision: 9 })]);
});

test("a new step is fetched when an event tells of it", async () => {
  const queryFn = vi.fn(async () => ({ steps: [] }));
  const stop = new QueryObserver(client, { queryKey: jobKeys.steps(ID), queryFn }).subscribe(() => {});
  await fetchJob(jobOf());
  await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(1));
  cache.apply([{ job: summaryOf({ revision: 2, steps: 1 }) }]);
  await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(2));
  stop();
});

test("a refetch leaves other data alone, unless they are missing; a reset does not", async () => {
  const fetches = { models: 0, videos: 0 };
  const watch = (name: keyof typeof fetches, missing: boolean) => {
    const queryFn = async () => {
      fetches[name] += 1;
      if (missing) throw new Unreachable();
      return {};
    };
    return new QueryObserver(client, { queryKey: [name], queryFn }).subscribe(() => {});
  };
  const stops = [watch("models", false), watch("videos", true)];
  await vi.waitFor(() => expect(client.isFetching()).toBe(0));
  await cache.refetch();
  expect(fetches).toEqual({ models: 1, videos: 2 });
  cache.reset();
  await vi.waitFor(() => expect(fetches).toEqual({ models: 2, videos: 3 }));
  for (const stop of stops) stop();
});

test.each([
  ["answers", null, true],
  ["answers with a problem", new ApiProblem(404, "Not found", "There is no such job."), true],
  ["does not answer", new Unreachable(), false],
])("a refetch tells whether the server is there: it %s", async (_, error, answered) => {
  let first = true;
  const queryFn = () => {
    if (error && !first) throw error;
    first = false;
    return jobOf();
  };
  const observer = new QueryObserver(client, { queryKey: jobKeys.job(ID), queryFn });
  const stop = observer.subscribe(() => {});
  await vi.waitFor(() => expect(shown()).toBeDefined());
  expect(await cache.refetch()).toBe(answered);
  expect(shown()).toBeDefined();
  stop();
});
