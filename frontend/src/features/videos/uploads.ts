import { createSender } from "@/features/videos/create-sender";
import type { Sender, SendReport } from "@/features/videos/sender";
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
  /** What the server calls it, once it has been begun there. */
  readonly uploadId: string | null;
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
    for (const file of files) this.queue(file, null);
    void this.advance();
  }

  /** Goes on with an upload that the server knows: `file` is the one that it is of. */
  resumeWith(file: File, uploadId: string): void {
    this.queue(file, uploadId);
    void this.advance();
  }

  /**
   * What a job is to be about besides the videos that are chosen: the ids of the uploads that are under way, begun at
   * the server so that it can wait for them, and of the videos that have just been stored.
   */
  async announce(): Promise<string[]> {
    const ids = this.list.filter(isUnderWay).map(async ({ id, video }) => {
      if (video) return video.video_id;
      const sender = this.senders.get(id) ?? (await this.createSender(id));
      if (!sender?.announce) throw new Error("Wait until the videos are uploaded, then press Run.");
      return sender.announce();
    });
    return [...new Set(await Promise.all(ids))];
  }

  private queue(file: File, uploadId: string | null): void {
    const id = this.nextId++;
    const { name, size } = file;
    this.files.set(id, file);
    const fresh = {
      sent: 0,
      speed: null,
      state: "waiting",
      pausable: false,
      error: null,
      video: null,
    } as const;
    this.show([...this.list, { id, name, size, uploadId, ...fresh }]);
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
    const report: SendReport = {
      started: () => this.flow(id),
      sent: (bytes) => this.progress(id, bytes, file.size),
      stalled: () => this.change(id, { state: "stalled", speed: null }),
      begun: (uploadId) => this.change(id, { uploadId }),
      stored: (video) => this.end(id, { state: "done", sent: file.size, video }),
      failed: (error) => this.end(id, { state: "failed", error }),
    };
    const uploadId = this.list.find((upload) => upload.id === id)?.uploadId ?? undefined;
    const sender = await createSender(file, report, uploadId);
    const faster = this.senders.get(id);
    if (faster) return faster;
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
    const change = list.some(isBeingSent) ? window.addEventListener : window.removeEventListener;
    change.call(window, "beforeunload", warn);
    for (const listener of this.listeners) listener();
  }
}

export const uploads = new Uploads();

function isBeingSent({ state }: Upload): boolean {
  return state !== "failed" && state !== "done";
}

/** To leave the page now would stop an upload. */
function warn(event: Event): void {
  event.preventDefault();
}

export function isUnderWay({ state }: Upload): boolean {
  return state !== "failed";
}
