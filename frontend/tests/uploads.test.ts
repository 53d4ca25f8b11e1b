// @vitest-environment jsdom
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { isUnderWay, type Upload, uploads } from "@/features/videos/uploads";
import { serve } from "./local-server";

const waiting: ServerResponse[] = [];
let stop: () => Promise<void>;

beforeAll(async () => {
  stop = await serve((request, response) => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    request.resume().on("end", () => {
      if (request.method === "POST") waiting.push(response);
      else response.end('{"paths":{}}');
    });
  });
});

afterAll(() => stop());

const file = (name: string) => new File(["film"], name, { type: "video/mp4" });
const states = () => uploads.snapshot().map(({ name, state }) => `${name} ${state}`);
const named = (name: string) => uploads.snapshot().find((upload) => upload.name === name) as Upload;

test("files go one after the other, in a plain form where the server cannot continue uploads", async () => {
  uploads.add([file("a"), file("b")]);
  expect(states()).toEqual(["a sending", "b waiting"]);
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  expect(named("a").pausable).toBe(false);
  waiting.shift()?.writeHead(201).end('{"video_id":"v1"}');
  await vi.waitFor(() => expect(named("a").state).toBe("done"));
  expect(named("a").video?.video_id).toBe("v1");
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
});

test("one that fails does not hold up the next, and what is taken over is off the list", async () => {
  uploads.add([file("c")]);
  waiting.shift()?.writeHead(415).end('{"detail":"No video."}');
  await vi.waitFor(() => expect(named("b").error?.message).toBe("No video."));
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  expect(
    uploads
      .snapshot()
      .filter(isUnderWay)
      .map(({ name }) => name),
  ).toEqual(["a", "c"]);
  for (const name of ["a", "b", "c"]) uploads.remove(named(name).id);
  expect(uploads.snapshot()).toEqual([]);
});
