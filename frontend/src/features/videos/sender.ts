import type { Video } from "@/lib/api/types";

/** Brings one file to the server, and can be told to stop. */
export interface Sender {
  /** Starts, or goes on after a pause. */
  start(): void;
  /** Null where a pause would mean to begin again. */
  pause: (() => void) | null;
  /** Has the server begun the upload, without a byte yet; its id there. Null where there is no such thing. */
  announce: (() => Promise<string>) | null;
  /** Gives up: the server forgets what it has. */
  stop(): void;
}

/** Hears how it goes. */
export interface SendReport {
  /** Bytes begin to flow, or flow again after a break. */
  started(): void;
  /** So many bytes are under way. */
  sent(bytes: number): void;
  /** The connection is gone; it goes on by itself when that is back. */
  stalled(): void;
  /** The server has begun the upload, or found it again, under this id. */
  begun(uploadId: string): void;
  stored(video: Video): void;
  failed(error: Error): void;
}
