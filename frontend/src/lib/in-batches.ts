/**
 * Hands on what comes in quick succession together.
 *
 * What comes after a pause is handed on at once, what follows within `pause` milliseconds when they are over.
 */
export class InBatches<T> {
  private waiting: T[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly handOn: (batch: readonly T[]) => void,
    private readonly pause: number,
  ) {}

  add(item: T): void {
    this.waiting.push(item);
    if (this.timer === undefined) this.flush();
  }

  /** Hands on now what waits. */
  flush(): void {
    this.stop();
    if (this.waiting.length === 0) return;
    const batch = this.waiting;
    this.waiting = [];
    this.timer = setTimeout(() => this.flush(), this.pause);
    this.handOn(batch);
  }

  /** Hands on nothing by itself any more: only what is added or flushed later. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
