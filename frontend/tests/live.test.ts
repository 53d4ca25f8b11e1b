import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Browser, type LiveMode, startLive } from "@/lib/live";
import { FakeEventSource } from "./fake-event-source";
import { summaryOf } from "./job-fixtures";

const stops: (() => void)[] = [];

beforeEach(() => {
  FakeEventSource.opened = [];
  vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval", "setTimeout", "clearTimeout"] });
});

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  vi.useRealTimers();
});

/** A browser tab: what it heard, and what happens to it. Channel and locks are real (Node has locks since 24.5). */
function openTab({
  url = "http://localhost/api/events",
  locks = navigator.locks as LockManager | null,
  answers = true,
  arrival = Promise.resolve(),
} = {}) {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { hidden: false });
  const tab = {
    jobs: [] as string[],
    deleted: [] as string[],
    modes: [] as LiveMode[],
    refetched: 0,
    resets: 0,
  };
  const server = { answers };
  const browser: Browser = {
    EventSource: FakeEventSource as unknown as typeof EventSource,
    locks: locks ?? undefined,
    window,
    document,
  };
  const close = startLive(
    url,
    {
      onJob: ({ title }) => tab.jobs.push(title),
      onDeleted: (id) => tab.deleted.push(id),
      onMode: (mode) => tab.modes.push(mode),
      onReset: () => {
        tab.resets += 1;
      },
      refetch: async () => {
        tab.refetched += 1;
        await arrival;
        return server.answers;
      },
    },
    browser,
  );
  stops.push(close);
  return Object.assign(tab, { window, document, server, close });
}

/** The newest stream, once there are `number` of them. */
async function stream(number = 1): Promise<FakeEventSource> {
  await until(() => FakeEventSource.opened.length >= number);
  const newest = FakeEventSource.opened.at(-1);
  if (!newest) throw new Error("no stream was opened");
  return newest;
}

/** Waits, in real time, for what other threads and promises bring about. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not so within 5 s: ${condition}`);
    await new Promise((resume) => setImmediate(resume));
  }
}

describe.skipIf(!navigator.locks)("tabs of one browser", () => {
  test("share one stream: the leader passes on what it hears", async () => {
    const [first, second, third] = [openTab(), openTab(), openTab()];
    const leading = await stream();
    leading.open();
    leading.say("job", summaryOf({ title: "one" }));
    leading.say("deleted", { job_id: "two" });
    await until(() => [first, second, third].every(({ deleted }) => deleted.length === 1));
    expect([first.jobs, second.jobs, third.jobs]).toEqual([["one"], ["one"], ["one"]]);
    expect([first, second, third].map(({ modes }) => modes.at(-1))).toEqual(["live", "live", "live"]);
    expect(FakeEventSource.opened).toHaveLength(1);
  });

  test("choose a new leader when theirs is closed, which fetches what was missed", async () => {
    const first = openTab();
    (await stream()).open();
    const second = openTab();
    await until(() => second.modes.at(-1) === "live");
    const before = second.refetched;
    first.close();
    const successor = await stream(2);
    expect(FakeEventSource.opened[0]?.readyState).toBe(FakeEventSource.CLOSED);
    successor.open();
    await until(() => second.refetched > before);
    expect(second.modes.at(-1)).toBe("live");
  });

  test("tell a new tab at once that it is live", async () => {
    openTab();
    (await stream()).open();
    const late = openTab();
    await until(() => late.modes.at(-1) === "live");
    expect(FakeEventSource.opened).toHaveLength(1);
  });
});

test("pages of one origin that follow other jobs do not hear each other", async () => {
  const one = openTab();
  const source = await stream();
  const other = openTab({ url: "http://localhost/admin/jobs/api/events" });
  const others = await stream(2);
  source.open();
  source.say("job", summaryOf({ title: "of the one" }));
  others.open();
  others.say("job", summaryOf({ title: "of the other" }));
  await until(() => one.jobs.length > 0 && other.jobs.length > 0);
  expect([one.jobs, other.jobs]).toEqual([["of the one"], ["of the other"]]);
});

test("tabs have a stream each where the browser has no locks", async () => {
  const tabs = [openTab({ locks: null }), openTab({ locks: null })];
  await stream(2);
  FakeEventSource.opened[0]?.open();
  FakeEventSource.opened[0]?.say("job", summaryOf({ title: "one" }));
  expect(tabs.map(({ jobs }) => jobs)).toEqual([["one"], []]);
});

describe("a stream", () => {
  test("that falls silent is polled around after 17 s and replaced after 25 s", async () => {
    const tab = openTab();
    (await stream()).open();
    await until(() => tab.refetched === 1);
    await vi.advanceTimersByTimeAsync(16_000);
    expect(tab.modes.at(-1)).toBe("live");
    await vi.advanceTimersByTimeAsync(4_000);
    expect(tab.modes.at(-1)).toBe("polling");
    expect(FakeEventSource.opened).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(6_500);
    expect(FakeEventSource.opened).toHaveLength(2);
    expect(FakeEventSource.opened[0]?.readyState).toBe(FakeEventSource.CLOSED);
    (await stream(2)).open();
    expect(tab.modes.at(-1)).toBe("live");
  });

  test("is kept while heartbeats come", async () => {
    const tab = openTab();
    const source = await stream();
    source.open();
    for (let beat = 0; beat < 10; beat++) {
      await vi.advanceTimersByTimeAsync(10_000);
      source.say("heartbeat", {});
    }
    expect(tab.modes).toEqual(["live"]);
    expect(FakeEventSource.opened).toHaveLength(1);
  });

  test("that the browser has given up is opened again", async () => {
    openTab();
    (await stream()).fail({ forGood: true });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(FakeEventSource.opened).toHaveLength(2);
  });

  test("that opens again makes the page forget and fetch, since events may be missing", async () => {
    const tab = openTab();
    const source = await stream();
    source.open();
    source.fail();
    source.open();
    expect(tab.resets).toBe(2);
    await until(() => tab.refetched >= 2);
    source.say("reset", {});
    expect(tab.resets).toBe(3);
  });
});

describe("without a stream", () => {
  test("the page polls every two seconds, and says so once", async () => {
    const tab = openTab();
    (await stream()).fail();
    await until(() => tab.refetched === 1);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(tab.refetched).toBe(4);
    expect(tab.modes).toEqual(["polling"]);
  });

  test("a poll that finds the last one unanswered is left out, so that the page has time for more", async () => {
    let arrive = () => {};
    const tab = openTab({ arrival: new Promise<void>((resolve) => (arrive = resolve)) });
    (await stream()).fail();
    await until(() => tab.refetched === 1);
    await vi.advanceTimersByTimeAsync(5_000);
    arrive();
    await vi.advanceTimersByTimeAsync(500);
    expect(tab.refetched).toBe(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(tab.refetched).toBe(2);
  });

  test("and without an answer it is offline until one comes", async () => {
    const tab = openTab({ answers: false });
    const source = await stream();
    source.fail();
    await until(() => tab.modes.at(-1) === "offline");
    source.fail();
    expect(tab.modes).toEqual(["polling", "offline"]);
    tab.server.answers = true;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(tab.modes.at(-1)).toBe("polling");
  });
});

describe("coming back", () => {
  test.each(["online", "pageshow", "focus"])("by %s fetches at once", async (name) => {
    const tab = openTab();
    (await stream()).open();
    await until(() => tab.refetched === 1);
    tab.window.dispatchEvent(new Event(name));
    await until(() => tab.refetched === 2);
  });

  test("to a tab fetches when it is shown, not when it is hidden", async () => {
    const tab = openTab();
    (await stream()).open();
    await until(() => tab.refetched === 1);
    tab.document.hidden = true;
    tab.document.dispatchEvent(new Event("visibilitychange"));
    tab.document.hidden = false;
    tab.document.dispatchEvent(new Event("visibilitychange"));
    await until(() => tab.refetched === 2);
    expect(tab.refetched).toBe(2);
  });
});

test("a tab that ended before its lock was called back holds no stream", async () => {
  let callBack = () => {};
  const request = (_name: string, _options: LockOptions, lead: () => unknown) =>
    new Promise((done) => {
      callBack = () => done(lead());
    });
  openTab({ locks: { request } as unknown as LockManager }).close();
  callBack();
  expect(FakeEventSource.opened).toEqual([]);
});

test("a tab that ended hears, fetches and holds nothing any more", async () => {
  const tab = openTab();
  const source = await stream();
  source.open();
  await until(() => tab.refetched === 1);
  tab.close();
  tab.window.dispatchEvent(new Event("focus"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(tab.refetched).toBe(1);
  expect(source.readyState).toBe(FakeEventSource.CLOSED);
  openTab();
  await stream(2);
});
