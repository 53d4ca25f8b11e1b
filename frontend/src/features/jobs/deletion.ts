import { toasts } from "@/components/ui/toasts";
import { actOnEach } from "@/features/jobs/bulk";
import { apiUrl } from "@/lib/api/client";
import { count } from "@/lib/format";

/** How long a deletion can be taken back, in milliseconds. */
export const REGRET = 10_000;

/** Jobs that a person has deleted: out of sight at once, off the disk a little later. */
class Deletion {
  private doomed: ReadonlySet<string> = new Set();
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): ReadonlySet<string> => this.doomed;

  delete(ids: readonly string[]): void {
    this.set(new Set([...this.doomed, ...ids]));
    const undo = () => {
      stop();
      this.spare(ids);
    };
    const close = toasts.show(`${count(ids.length, "job", "jobs")} deleted`, {
      lasts: REGRET,
      action: { word: "Undo", run: undo },
    });
    const timer = setTimeout(() => {
      stop();
      void this.carryOut(ids);
    }, REGRET);
    // Who leaves the page has not regretted it; what the browser cannot send any more stays undeleted.
    const leave = () => {
      for (const id of ids) {
        void fetch(apiUrl(`jobs/${encodeURIComponent(id)}`), { method: "DELETE", keepalive: true });
      }
    };
    window.addEventListener("pagehide", leave);
    const stop = () => {
      clearTimeout(timer);
      close();
      window.removeEventListener("pagehide", leave);
    };
  }

  private async carryOut(ids: readonly string[]): Promise<void> {
    const { refused } = await actOnEach("delete", ids);
    if (refused[0]) {
      const many = refused.length > 1 ? `${refused.length} jobs were not deleted. ` : "";
      toasts.show(many + refused[0].message, { tone: "bad" });
    }
    this.spare(ids);
  }

  private spare(ids: readonly string[]): void {
    const gone = new Set(ids);
    this.set(new Set([...this.doomed].filter((id) => !gone.has(id))));
  }

  private set(doomed: ReadonlySet<string>): void {
    this.doomed = doomed;
    for (const listener of this.listeners) listener();
  }
}

export const deletion = new Deletion();
