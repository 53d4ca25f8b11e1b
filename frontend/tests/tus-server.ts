import type { RequestListener } from "node:http";

/** As much of a server of resumable uploads as the page needs, and what may go wrong with it. */
export class TusServer {
  received = Buffer.alloc(0);
  /** Breaks the connection of the next upload after so many bytes. */
  breakAfter: number | null = null;
  /** Called at that moment. */
  onBreak = () => {};
  /** Loses all further bytes of the next upload after so many, and does not answer it. */
  losesAfter: number | null = null;
  /** Whether it answers when it has all bytes. */
  answers = true;
  /** So many times it is still busy with the file when asked what became of it: a proxy answers in its stead. */
  readingFor = 0;
  /** So many times after that nobody answers at all, whatever is asked. */
  goneFor = 0;
  /** What the last bytes are answered with: the stored video, or a refusal. */
  answer: { status: number; body: string; result: string | null } = {
    status: 204,
    body: "",
    result: encodeURIComponent(JSON.stringify({ video_id: "v", name: "clip é.mp4" })),
  };
  readonly calls: string[] = [];
  private length = 0;

  readonly listener: RequestListener = (request, response) => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "*");
    response.setHeader("Access-Control-Allow-Methods", "*");
    response.setHeader("Access-Control-Expose-Headers", "*");
    response.setHeader("Tus-Resumable", "1.0.0");
    const { method = "", url = "", headers } = request;
    if (method === "OPTIONS") return void response.writeHead(204).end();
    this.calls.push(method);
    if (method === "POST") {
      this.length = Number(headers["upload-length"]);
      return void response.writeHead(201, { Location: `http://${headers.host}${url}/abc` }).end();
    }
    if (method === "HEAD") {
      const sizes = { "Upload-Offset": this.received.length, "Upload-Length": this.length };
      return void response.writeHead(200, sizes).end();
    }
    if (method === "GET" && this.goneFor-- > 0) return void request.destroy();
    if (method === "GET" && url.endsWith("/health")) return void response.end("{}");
    if (method === "GET" && this.readingFor-- > 0) return void response.writeHead(504).end();
    if (method === "GET") return void response.end(JSON.stringify({ video: { video_id: "asked" } }));
    if (method === "DELETE") return void response.writeHead(204).end();
    const losesAfter = this.losesAfter ?? Number.POSITIVE_INFINITY;
    this.losesAfter = null;
    request.on("data", (part: Buffer) => {
      if (this.received.length >= losesAfter) return;
      this.received = Buffer.concat([this.received, part]);
      this.received = this.received.subarray(0, losesAfter);
      if (this.breakAfter === null || this.received.length < this.breakAfter) return;
      this.received = this.received.subarray(0, this.breakAfter);
      this.breakAfter = null;
      this.onBreak();
      request.destroy();
    });
    request.on("end", () => {
      if (!this.answers || this.received.length < this.length) return;
      const { status, body, result } = this.answer;
      response.setHeader("Upload-Offset", this.received.length);
      if (result) response.setHeader("Upload-Result", result);
      response.writeHead(status).end(body);
    });
  };
}
