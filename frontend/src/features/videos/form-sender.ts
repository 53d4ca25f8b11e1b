import { sendVideo } from "@/features/videos/send-video";
import type { Sender, SendReport } from "@/features/videos/sender";

/** Sends a file in one go: a break means to begin again. */
export class FormSender implements Sender {
  readonly pause = null;
  readonly announce = null;
  private readonly ended = new AbortController();

  constructor(
    private readonly file: File,
    private readonly report: SendReport,
  ) {}

  start(): void {
    this.report.started();
    sendVideo(this.file, (bytes) => this.report.sent(bytes), this.ended.signal).then(
      (video) => this.report.stored(video),
      (error: Error) => {
        if (!this.ended.signal.aborted) this.report.failed(error);
      },
    );
  }

  stop(): void {
    this.ended.abort();
  }
}
