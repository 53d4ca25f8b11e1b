// @vitest-environment jsdom
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { sendVideo, UploadLost } from "@/features/videos/send-video";
import { serve } from "./local-server";

let stop: (() => Promise<void>) | undefined;

afterEach(() => stop?.());

const video = () => new File([new Uint8Array(50_000)], "clip.mp4", { type: "video/mp4" });

/** jsdom's page has another origin than the server: let it in. */
function open(
  answer: (body: Buffer, request: IncomingMessage, response: ServerResponse) => void,
): RequestListener {
  return async (request, response) => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (request.method === "OPTIONS") response.writeHead(204).end();
    else answer(Buffer.concat(parts), request, response);
  };
}

test("a file is sent whole, with its name, and its progress is told", async () => {
  const sent: number[] = [];
  stop = await serve(
    open((body, request, response) => {
      const whole = body.includes('name="file"; filename="clip.mp4"') && body.length > 50_000;
      response.writeHead(whole ? 201 : 400).end(JSON.stringify({ video_id: "v", name: request.url }));
    }),
  );
  const answer = await sendVideo(video(), (bytes) => sent.push(bytes), new AbortController().signal);
  expect(answer).toEqual({ video_id: "v", name: "/prefix/api/videos" });
  expect(sent.at(-1)).toBe(50_000);
});

test("a refusal says why", async () => {
  const detail = "There is no video in it. Choose an MP4 file.";
  stop = await serve(
    open((_, __, response) => response.writeHead(415).end(JSON.stringify({ title: "Not a video", detail }))),
  );
  await expect(sendVideo(video(), () => {}, new AbortController().signal)).rejects.toMatchObject({
    status: 415,
    title: "Not a video",
    detail,
  });
});

test("a broken connection says what to do", async () => {
  stop = await serve((request) => void request.socket.destroy());
  const answer = sendVideo(video(), () => {}, new AbortController().signal);
  await expect(answer).rejects.toBeInstanceOf(UploadLost);
});
