import { DetailedError, type HttpResponse, Upload } from "tus-js-client";
import type { Sender, SendReport } from "@/features/videos/sender";
import { forgetUnfinished, unfinishedUploads } from "@/features/videos/unfinished";
import { apiGet, apiUrl, problemFrom, Unreachable } from "@/lib/api/client";
import type { Video } from "@/lib/api/types";

/** After these waits the connection counts as gone, in milliseconds. */
const RETRIES = [0, 500, 1_000, 3_000, 5_000];
/** While it is gone, how often to try whether it is back. */
const TRY_AGAIN = 5_000;
/** No byte for this long means a dead connection, even where nobody closed it; in milliseconds. */
const SILENCE = 20_000;

/** Sends a file so that it can be continued: after a pause, a break, a restart of the server or of this page. */
export class ResumableSender implements Sender {
  private readonly upload: Upload;
  private readonly ended = new AbortController();
  private again: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private stalled = false;
  /** Whether the server has every byte. */
  private whole = false;
  private started = false;
  /** It is only to be begun: no byte is sent yet. */
  private announcing = false;
  private readonly begun = Promise.withResolvers<string>();

  constructor(
    private readonly file: File,
    private readonly report: SendReport,
    uploadId?: string,
  ) {
    this.begun.promise.catch(() => undefined); // who asked hears of it
    this.upload = new Upload(file, {
      endpoint: apiUrl("uploads"),
      metadata: { filename: file.name, filetype: file.type },
      retryDelays: RETRIES,
      removeFingerprintOnSuccess: true,
      onBeforeRequest: (request) => {
        if (request.getMethod() === "PATCH") report.started();
      },
      onProgress: (sent) => {
        report.sent(sent);
        this.watch();
      },
      onSuccess: ({ lastResponse }) => void this.take(lastResponse),
      onError: (error) => this.fail(error),
      onUploadUrlAvailable: () => this.takeUp(),
    });
    if (uploadId) this.upload.url = apiUrl(`uploads/${uploadId}`);
    const signal = this.ended.signal;
    window.addEventListener("online", () => this.retry(), { signal });
    document.addEventListener("visibilitychange", () => !document.hidden && this.retry(), { signal });
  }

  start(): void {
    if (this.announcing) this.announcing = false;
    else void this.begin();
  }

  readonly announce = (): Promise<string> => {
    if (!this.started) {
      this.announcing = true;
      void this.begin();
    }
    return this.begun.promise;
  };

  readonly pause = (): void => {
    this.quiet();
    void this.upload.abort();
  };

  stop(): void {
    this.quiet();
    this.ended.abort();
    void this.upload.abort();
    this.begun.reject(new Error(`The upload of ${this.file.name} was stopped.`));
    this.forget();
  }

  private takeUp(): void {
    this.begun.resolve(this.id());
    this.report.begun(this.id());
    if (!this.announcing) return;
    this.announcing = false;
    this.pause();
  }

  private async begin(): Promise<void> {
    this.started = true;
    if (!this.upload.url) {
      const [previous] = await this.upload.findPreviousUploads();
      if (previous) this.upload.resumeFromPreviousUpload(previous);
    }
    if (!this.ended.signal.aborted) this.launch();
  }

  private launch(): void {
    if (this.whole) return;
    this.watch();
    this.upload.start();
  }

  /**
   * Asks the server anew how far it is where nothing is heard. Also when all bytes are handed over: they may have been
   * lost on the way, and a server that is busy with the file goes on with it.
   */
  private watch(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => void this.startAnew(), SILENCE);
  }

  private async startAnew(): Promise<void> {
    await this.upload.abort();
    if (!this.ended.signal.aborted) this.launch();
  }

  private async take(response: HttpResponse): Promise<void> {
    this.quiet();
    this.whole = true;
    try {
      const video = videoFrom(response) ?? (await this.ask());
      if (video && !this.ended.signal.aborted) this.report.stored(video);
    } catch (error) {
      this.report.failed(error as Error);
    }
    this.ended.abort();
  }

  /**
   * For an answer that was lost on the way: the server has the bytes, and knows what became of them, or will once it has
   * read the video. Null when nobody wants to know any more.
   */
  private async ask(): Promise<Video | null> {
    while (!this.ended.signal.aborted) {
      try {
        return (await apiGet<{ video: Video }>(`uploads/${this.id()}`)).video;
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
      }
      if (await isThere()) this.report.sent(this.file.size);
      else this.report.stalled();
      await new Promise((wait) => setTimeout(wait, TRY_AGAIN));
    }
    return null;
  }

  private id(): string {
    return new URL(this.upload.url ?? "", document.baseURI).pathname.split("/").at(-1) ?? "";
  }

  private fail(error: Error): void {
    this.quiet();
    const response = error instanceof DetailedError ? error.originalResponse : null;
    if (response && response.getStatus() < 500 && response.getStatus() > 0) {
      this.ended.abort();
      this.forget();
      const problem = problemFrom(response.getStatus(), response.getBody());
      this.begun.reject(problem);
      this.report.failed(problem);
      return;
    }
    this.announcing = false; // it goes on by itself, as every upload does
    this.stalled = true;
    this.report.stalled();
    this.again = setTimeout(() => this.retry(), TRY_AGAIN);
  }

  private retry(): void {
    if (!this.stalled) return;
    this.quiet();
    this.launch();
  }

  private forget(): void {
    for (const left of unfinishedUploads()) {
      if (left.url === this.upload.url) forgetUnfinished(left);
    }
  }

  private quiet(): void {
    clearTimeout(this.again);
    clearTimeout(this.silence);
    this.stalled = false;
  }
}

/** The last answer of an upload carries the video in a header. */
function videoFrom(response: HttpResponse): Video | null {
  const header = response.getHeader("Upload-Result");
  return header ? (JSON.parse(decodeURIComponent(header.replaceAll("+", "%20"))) as Video) : null;
}

/** Whether the server answers at all. */
function isThere(): Promise<boolean> {
  return apiGet("health").then(
    () => true,
    (error) => !(error instanceof Unreachable),
  );
}
