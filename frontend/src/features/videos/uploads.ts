import { createSender } from "@/features/videos/create-sender";
import type { Sender } from "@/features/videos/sender";
import type { Video } from "@/lib/api/types";

/**
 * waiting: for the one before it; stalled: for the network; checking: all bytes are there, the server reads the
 * video; done: stored, not yet taken over by the screen.
 */
export type UploadState = "waiting" | "sending" | "paused" | "stalled" | "checking" | "done" | "failed";

export interface Upload {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly sent: number;
  /** Bytes a second since it last started; null until that is known. */
  readonly speed: number | null;
  readonly state: UploadState;
  readonly pausable: boolean;
  readonly error: Error | null;
  readonly video: Video | null;
}

/** The uploads of this tab, one at a time; they go on while other screens are shown. */
class Uploads {
  private list: readonly Upload[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly files = new Map<number, File>();
  private readonly senders = new Map<number, Sender>();
  /** When the bytes began to flow for the last time, and how many had been sent then. */
  private readonly starts = new Map<number, { at: number; sent: number }>();
  private nextId = 1;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): readonly Upload[] => this.list;

  add(files: Iterable<File>): void {
    for (const file of files) {
      const id = this.nextId++;
      const { name, size } = file;
      this.files.set(id, file);
      this.show([
        ...this.list,
        { id, name, size, sent: 0, speed: null, state: "waiting", pausable: false, error: null, video: null },
      ]);
    }
    void this.advance();
  }

  pause(id: number): void {
    this.senders.get(id)?.pause?.();
    this.change(id, { state: "paused", speed: null });
    void this.advance();
  }

  resume(id: number): void {
    this.change(id, { state: "waiting" });
    void this.advance();
  }

  /** Takes an upload off the list and stops it if it is under way. */
  remove(id: number): void {
    if (this.list.some((upload) => upload.id === id && isUnderWay(upload) && !upload.video)) {
      this.senders.get(id)?.stop();
    }
    for (const store of [this.files, this.senders, this.starts]) store.delete(id);
    this.show(this.list.filter((upload) => upload.id !== id));
    void this.advance();
  }

  /** Starts the next one, if none is on its way. */
  private async advance(): Promise<void> {
    const next = this.list.find(({ state }) => state === "waiting");
    if (!next || this.list.some(({ state }) => state === "sending" || state === "checking")) return;
    this.change(next.id, { state: "sending" });
    const sender = this.senders.get(next.id) ?? (await this.createSender(next.id));
    const state = this.list.find(({ id }) => id === next.id)?.state;
    if (state === "sending") sender?.start();
  }

  private async createSender(id: number): Promise<Sender | null> {
    const file = this.files.get(id);
    if (!file) return null;
    const sender = await createSender(file, {
      started: () => this.flow(id),
      sent: (bytes) => this.progress(id, bytes, file.size),
      stalled: () => this.change(id, { state: "stalled", speed: null }),
      stored: (video) => this.end(id, { state: "done", sent: file.size, video }),
      failed: (error) => this.end(id, { state: "failed", error }),
    });
    this.senders.set(id, sender);
    this.change(id, { pausable: sender.pause !== null });
    return sender;
  }

  /** The pace of an earlier try says nothing about this one. */
  private flow(id: number): void {
    this.starts.delete(id);
    this.change(id, { speed: null });
  }

  private progress(id: number, sent: number, size: number): void {
    const start = this.starts.get(id) ?? { at: Date.now(), sent };
    this.starts.set(id, start);
    const seconds = (Date.now() - start.at) / 1_000;
    const speed = seconds > 1 ? (sent - start.sent) / seconds : null;
    this.change(id, { sent, speed, state: sent < size ? "sending" : "checking" });
  }

  private end(id: number, part: Partial<Upload>): void {
    this.change(id, part);
    void this.advance();
  }

  private change(id: number, part: Partial<Upload>): void {
    this.show(this.list.map((upload) => (upload.id === id ? { ...upload, ...part } : upload)));
  }

  private show(list: readonly Upload[]): void {
    this.list = list;
    for (const listener of this.listeners) listener();
  }
}

export const uploads = new Uploads();

export function isUnderWay({ state }: Upload): boolean {
  return state !== "failed";
}
