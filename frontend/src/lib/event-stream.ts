import type { JobSummary } from "@/lib/api/types";

/** The server sends a heartbeat this often, in milliseconds. */
export const HEARTBEAT = 10_000;
/** A stream silent for this long is dead, even if the browser still calls it open. */
const DEAD = 2.5 * HEARTBEAT;
const REOPEN = 2_000;
const WATCH = 1_000;

export type LiveMessage =
  | { event: "job"; data: JobSummary }
  | { event: "deleted"; data: { job_id: string } }
  | { event: "reset" }
  | { event: "heartbeat" }
  | { event: "lost" };

/**
 * Keeps one event stream to the server open for ever and returns the function that ends it.
 *
 * A stream that (re)opens says `reset`, since events may have been missed; one that breaks says `lost`.
 */
export function keepStream(url: string, Source: typeof EventSource, say: (message: LiveMessage) => void) {
  let source: EventSource;
  let heard = Date.now();
  let reopening: ReturnType<typeof setTimeout> | undefined;

  const receive = (message: LiveMessage) => {
    heard = Date.now();
    say(message);
  };

  const open = () => {
    source?.close();
    heard = Date.now();
    source = new Source(url);
    source.onopen = () => receive({ event: "reset" });
    source.addEventListener("job", ({ data }) => receive({ event: "job", data: JSON.parse(data) }));
    source.addEventListener("deleted", ({ data }) => receive({ event: "deleted", data: JSON.parse(data) }));
    source.addEventListener("reset", () => receive({ event: "reset" }));
    source.addEventListener("heartbeat", () => receive({ event: "heartbeat" }));
    source.onerror = () => {
      say({ event: "lost" });
      // The browser reconnects by itself, except after an HTTP error: then it closes for good.
      if (source.readyState === Source.CLOSED) reopening = setTimeout(open, REOPEN);
    };
  };

  const watchdog = setInterval(() => {
    if (Date.now() - heard > DEAD) open();
  }, WATCH);
  open();

  return () => {
    clearInterval(watchdog);
    clearTimeout(reopening);
    source.close();
  };
}
