import { sendVideo } from "@/features/videos/send-video";
import type { Video } from "@/lib/api/types";

/** waiting: for the one before it; checking: all bytes are there, the server reads the video. */
export type UploadState = "waiting" | "sending" | "checking" | "done" | "failed";

export interface Upload {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly sent: number;
  readonly state: UploadState;
  readonly error: Error | null;
  readonly video: Video | null;
}

/** The uploads of this tab, one after the other; they go on while other screens are shown. */
class Uploads {
  private list: readonly Upload[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly aborts = new Map<number, AbortController>();
  private last = Promise.resolve();
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
      this.aborts.set(id, new AbortController());
      this.show([...this.list, { id, name, size, sent: 0, state: "waiting", error: null, video: null }]);
      this.last = this.last.then(() => this.send(id, file));
    }
  }

  /** Takes an upload off the list and stops it if it is under way. */
  remove(id: number): void {
    this.aborts.get(id)?.abort();
    this.aborts.delete(id);
    this.show(this.list.filter((upload) => upload.id !== id));
  }

  private async send(id: number, file: File): Promise<void> {
    const signal = this.aborts.get(id)?.signal;
    if (!signal) return;
    this.change(id, { state: "sending" });
    try {
      const onSent = (sent: number) =>
        this.change(id, { sent, state: sent < file.size ? "sending" : "checking" });
      const video = await sendVideo(file, onSent, signal);
      this.change(id, { state: "done", sent: file.size, video });
    } catch (error) {
      this.change(id, { state: "failed", error: error as Error });
    }
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
  return state === "waiting" || state === "sending" || state === "checking";
}
