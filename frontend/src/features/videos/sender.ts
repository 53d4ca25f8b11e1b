import { offers } from "@/lib/api/offers";
import type { Video } from "@/lib/api/types";

/** Brings one file to the server, and can be told to stop. */
export interface Sender {
  /** Starts, or goes on after a pause. */
  start(): void;
  /** Null where a pause would mean to begin again. */
  pause: (() => void) | null;
  /** Gives up: the server forgets what it has. */
  stop(): void;
}

/** Hears how it goes. */
export interface SendReport {
  /** So many bytes are under way. */
  sent(bytes: number): void;
  /** The connection is gone; it goes on by itself when that is back. */
  stalled(): void;
  stored(video: Video): void;
  failed(error: Error): void;
}

/** The best way that the server offers: one that survives breaks, or else a plain form. */
export async function createSender(file: File, report: SendReport): Promise<Sender> {
  if (await offers("/api/uploads").catch(() => false)) {
    const { ResumableSender } = await import("@/features/videos/resumable-sender");
    return new ResumableSender(file, report);
  }
  const { FormSender } = await import("@/features/videos/form-sender");
  return new FormSender(file, report);
}
