import type { JobSummary } from "@/lib/api/types";
import { HEARTBEAT, keepStream, type LiveMessage } from "@/lib/event-stream";

/** connecting: not known yet; polling: asks every 2 s; offline: the server does not answer. */
export type LiveMode = "connecting" | "live" | "polling" | "offline";

export interface LiveHandlers {
  onJob(job: JobSummary): void;
  onDeleted(jobId: string): void;
  onMode(mode: LiveMode): void;
  /** Events may have been missed, or the server is another one: all that was known is in doubt. */
  onReset(): void;
  /** Fetches the jobs on the screen again; false when the server does not answer. */
  refetch(): Promise<boolean>;
}

/** What the live client needs of the browser. Without `locks` (insecure context) each tab has its own stream. */
export interface Browser {
  EventSource: typeof EventSource;
  locks: LockManager | undefined;
  window: EventTarget;
  document: EventTarget & { readonly hidden: boolean };
}

const QUIET = 1.7 * HEARTBEAT;
const POLL = 2_000;
const WAKE_EVENTS = ["online", "pageshow", "focus"];

/**
 * Keeps this tab up to date and returns the function that ends it.
 *
 * One tab (the leader, by Web Lock) holds the only stream and passes what it hears to the others. A tab that
 * hears nothing polls. Coming back to the tab or to the network refetches at once.
 */
export function startLive(url: string, handlers: LiveHandlers, browser: Browser = thisBrowser()): () => void {
  const name = `longtake-live ${url}`; // another page of this origin may follow other jobs
  const channel = browser.locks && new BroadcastChannel(name);
  const ended = new AbortController();
  let mode: LiveMode = "connecting";
  let heard = Date.now();
  let leads = false;
  let refetching = false;
  let wanted = false;

  const enter = (next: LiveMode) => {
    if (next !== mode) handlers.onMode(next);
    mode = next;
  };

  const refetch = async () => {
    wanted = true;
    if (refetching) return;
    refetching = true;
    while (wanted && !ended.signal.aborted) {
      wanted = false;
      const answered = await handlers.refetch();
      if (mode !== "live" && !ended.signal.aborted) enter(answered ? "polling" : "offline");
    }
    refetching = false;
  };

  const hear = (message: LiveMessage) => {
    if (message.event === "lost") {
      if (mode === "polling" || mode === "offline") return;
      enter("polling");
      void refetch();
      return;
    }
    heard = Date.now();
    enter("live");
    if (message.event === "job") handlers.onJob(message.data);
    if (message.event === "deleted") handlers.onDeleted(message.data.job_id);
    if (message.event === "reset") {
      handlers.onReset();
      void refetch();
    }
  };

  const lead = () => {
    if (ended.signal.aborted) return; // a granted lock is called back later: this tab may have ended by then
    leads = true;
    const close = keepStream(url, browser.EventSource, (message) => {
      hear(message);
      channel?.postMessage(message);
    });
    return new Promise<void>((done) => {
      ended.signal.addEventListener("abort", () => {
        close();
        done();
      });
    });
  };

  if (channel) {
    channel.onmessage = ({ data }: MessageEvent<LiveMessage | { event: "hello" }>) => {
      if (data.event !== "hello") hear(data);
      else if (leads && mode === "live") channel.postMessage({ event: "heartbeat" });
    };
    channel.postMessage({ event: "hello" });
  }

  const poll = setInterval(() => {
    if (mode === "live" && Date.now() - heard > QUIET) enter("polling");
    if (mode !== "live" && !refetching) void refetch();
  }, POLL);
  const wake = () => void refetch();
  const show = () => {
    if (!browser.document.hidden) wake();
  };
  for (const name of WAKE_EVENTS) browser.window.addEventListener(name, wake, { signal: ended.signal });
  browser.document.addEventListener("visibilitychange", show, { signal: ended.signal });

  if (browser.locks) {
    browser.locks.request(name, { signal: ended.signal }, lead).catch((error: unknown) => {
      if (!ended.signal.aborted) throw error;
    });
  } else void lead();

  return () => {
    clearInterval(poll);
    ended.abort();
    channel?.close();
  };
}

function thisBrowser(): Browser {
  return { EventSource, locks: navigator.locks, window, document };
}
