import { useSyncExternalStore } from "react";

const KEY = "longtake.notify";
const NONE: readonly string[] = [];

/** The jobs whose end a person wants to hear of, in any tab of this browser. */
class Wishes {
  private readonly listeners = new Set<() => void>();
  private raw: string | null = null;
  private ids = NONE;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    window.addEventListener("storage", listener);
    return () => {
      this.listeners.delete(listener);
      window.removeEventListener("storage", listener);
    };
  };

  readonly snapshot = (): readonly string[] => {
    const raw = localStorage.getItem(KEY);
    if (raw !== this.raw) {
      this.raw = raw;
      this.ids = raw ? raw.split(" ") : NONE;
    }
    return this.ids;
  };

  add(id: string): void {
    this.set([...this.snapshot().filter((other) => other !== id), id]);
  }

  remove(id: string): void {
    this.set(this.snapshot().filter((other) => other !== id));
  }

  private set(ids: readonly string[]): void {
    if (ids.length > 0) localStorage.setItem(KEY, ids.join(" "));
    else localStorage.removeItem(KEY);
    for (const listener of this.listeners) listener();
  }
}

export const wishes = new Wishes();

export function useWishes(): readonly string[] {
  return useSyncExternalStore(wishes.subscribe, wishes.snapshot);
}

export function canNotify(): boolean {
  return "Notification" in window && window.isSecureContext;
}

/** Shows a notification of the system; tabs that do so at once show one, because it is known by the job. */
export function notify(jobId: string, title: string, body: string, onClick: () => void): void {
  try {
    const shown = new Notification(title, { body, tag: jobId });
    shown.onclick = () => {
      window.focus();
      onClick();
      shown.close();
    };
  } catch {
    // Some phones only let service workers notify: the title of the tab tells it there.
  }
}
