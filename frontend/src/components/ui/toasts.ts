export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "quiet" | "bad";
  /** What may be done about it, such as "Undo". */
  readonly action: { readonly word: string; readonly run: () => void } | null;
}

interface ToastOptions {
  tone?: Toast["tone"];
  action?: Toast["action"];
  /** How long it stays, in milliseconds. */
  lasts?: number;
}

const LASTS = 6_000;

/** Short messages at the edge of the page, which go by themselves. */
class Toasts {
  private list: readonly Toast[] = [];
  private readonly listeners = new Set<() => void>();
  private nextId = 1;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): readonly Toast[] => this.list;

  /** Shows a message and answers the function that takes it away early. */
  show(text: string, { tone = "quiet", action = null, lasts = LASTS }: ToastOptions = {}): () => void {
    const id = this.nextId++;
    this.set([...this.list, { id, text, tone, action }]);
    const timer = setTimeout(() => this.remove(id), lasts);
    return () => {
      clearTimeout(timer);
      this.remove(id);
    };
  }

  remove(id: number): void {
    this.set(this.list.filter((toast) => toast.id !== id));
  }

  private set(list: readonly Toast[]): void {
    this.list = list;
    for (const listener of this.listeners) listener();
  }
}

export const toasts = new Toasts();
