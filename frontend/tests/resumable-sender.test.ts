// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ResumableSender } from "@/features/videos/resumable-sender";
import type { SendReport } from "@/features/videos/sender";
import { forgetUnfinished, unfinishedUploads } from "@/features/videos/unfinished";
import { serve } from "./local-server";
import { TusServer } from "./tus-server";

const SIZE = 200_000;
const bytes = new Uint8Array(SIZE).map((_, index) => index % 251);
const file = () => new File([bytes], "clip.mp4", { type: "video/mp4", lastModified: 1 });

let server: TusServer;
let stop: () => Promise<void>;
let hurrying: ReturnType<typeof setInterval> | undefined;

/** Lets waits pass fifty times as fast; the network takes its time as ever. */
function hurry() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  hurrying = setInterval(() => vi.advanceTimersByTime(1_000), 20);
}

beforeEach(async () => {
  localStorage.clear();
  server = new TusServer();
  stop = await serve(server.listener);
});

afterEach(async () => {
  clearInterval(hurrying);
  vi.useRealTimers();
  await stop();
});

/** Sends a file to its end, one way or the other. */
function send() {
  const report = {
    started: vi.fn(),
    begun: vi.fn(),
    sent: vi.fn(),
    stalled: vi.fn(),
    stored: vi.fn(),
    failed: vi.fn(),
  } satisfies SendReport;
  const sender = new ResumableSender(file(), report);
  const ended = vi.waitFor(
    () => expect(report.stored.mock.calls.length + report.failed.mock.calls.length).toBe(1),
    {
      timeout: 8_000,
    },
  );
  sender.start();
  return { sender, report, ended };
}

test("a file arrives whole, and the last answer tells which video it became", async () => {
  const { report, ended } = send();
  await ended;
  expect(Buffer.compare(server.received, Buffer.from(bytes))).toBe(0);
  expect(report.stored).toHaveBeenCalledWith({ video_id: "v", name: "clip é.mp4" });
  expect(unfinishedUploads()).toEqual([]);
});

test("after a break it goes on from where it was, and nothing is sent twice", async () => {
  server.breakAfter = 70_000;
  const { report, ended } = send();
  await ended;
  expect(report.stored).toHaveBeenCalled();
  expect(Buffer.compare(server.received, Buffer.from(bytes))).toBe(0);
  expect(server.calls).toEqual(["POST", "PATCH", "HEAD", "PATCH"]);
  expect(report.started).toHaveBeenCalledTimes(2);
});

test("after a reload the same file, chosen again, goes on too", async () => {
  server.breakAfter = 70_000;
  const first = send();
  first.ended.catch(() => undefined);
  await new Promise<void>((broken) => {
    server.onBreak = broken;
  });
  first.sender.pause();
  expect(unfinishedUploads()).toMatchObject([{ name: "clip.mp4", size: SIZE }]);
  await send().ended;
  expect(server.calls.filter((method) => method === "POST")).toHaveLength(1);
  expect(Buffer.compare(server.received, Buffer.from(bytes))).toBe(0);
});

test("an answer that does not tell the video is asked after", async () => {
  server.answer.result = null;
  const { report, ended } = send();
  await ended;
  expect(report.stored).toHaveBeenCalledWith({ video_id: "asked" });
});

test("where the link dies without a word, what is missing is sent again", async () => {
  hurry();
  server.losesAfter = 70_000;
  const { report, ended } = send();
  await ended;
  expect(report.stored).toHaveBeenCalled();
  expect(Buffer.compare(server.received, Buffer.from(bytes))).toBe(0);
  expect(server.calls).toEqual(["POST", "PATCH", "HEAD", "PATCH"]);
});

test("a server that takes long over the whole file is asked until it knows, and sent nothing again", async () => {
  hurry();
  server.answers = false;
  server.readingFor = 3;
  const { report, ended } = send();
  await ended;
  expect(report.stored).toHaveBeenCalledWith({ video_id: "asked" });
  expect(server.calls.filter((method) => method === "PATCH")).toHaveLength(1);
  expect(report.sent).toHaveBeenLastCalledWith(SIZE);
  expect(report.stalled).not.toHaveBeenCalled();
});

test("where nobody answers about the whole file, that is said, and it goes on when somebody does", async () => {
  hurry();
  server.answers = false;
  server.goneFor = 4;
  const { report, ended } = send();
  await vi.waitFor(() => expect(report.stalled).toHaveBeenCalled());
  await ended;
  expect(report.stored).toHaveBeenCalledWith({ video_id: "asked" });
});

test("a refusal says why and leaves nothing to continue", async () => {
  server.answer = { status: 415, body: '{"detail":"There is no video in it."}', result: null };
  const { report, ended } = send();
  await ended;
  expect(report.failed.mock.calls[0]?.[0]).toMatchObject({
    status: 415,
    message: "There is no video in it.",
  });
  expect(unfinishedUploads()).toEqual([]);
});

test("what is forgotten is forgotten on the server too, and only there", async () => {
  const base = new URL("api/uploads/", document.baseURI).href;
  const store = (key: string, uploadUrl: string) =>
    localStorage.setItem(key, JSON.stringify({ size: 5, metadata: { filename: key }, uploadUrl }));
  store("tus::a", `${base}abc`);
  store("tus::b", "https://elsewhere.example/abc");
  localStorage.setItem("tus::broken", "{");
  for (const left of unfinishedUploads()) forgetUnfinished(left);
  await vi.waitFor(() => expect(server.calls).toEqual(["DELETE"]));
  expect(unfinishedUploads()).toEqual([]);
});

test("it is begun without a byte, kept for a later visit, and then sent", async () => {
  const report = {
    started: vi.fn(),
    begun: vi.fn(),
    sent: vi.fn(),
    stalled: vi.fn(),
    stored: vi.fn(),
    failed: vi.fn(),
  };
  const sender = new ResumableSender(file(), report);
  const id = await sender.announce();
  expect(report.begun).toHaveBeenCalledWith(id);
  await vi.waitFor(() => expect(unfinishedUploads()).toHaveLength(1));
  expect(unfinishedUploads()[0]?.url?.endsWith(id)).toBe(true);
  expect(server.calls).toEqual(["POST"]);
  sender.start();
  await vi.waitFor(() => expect(report.stored).toHaveBeenCalled(), { timeout: 8_000 });
  expect(server.calls).toEqual(["POST", "HEAD", "PATCH"]);
  expect(await sender.announce()).toBe(id);
});

test("an upload that this browser knows nothing of is continued by its id", async () => {
  server.breakAfter = 70_000;
  const first = send();
  first.ended.catch(() => undefined);
  await new Promise<void>((broken) => {
    server.onBreak = broken;
  });
  first.sender.pause();
  const id = unfinishedUploads()[0]?.url?.split("/").at(-1) ?? "";
  localStorage.clear();
  server.calls.length = 0;
  const report = {
    started: vi.fn(),
    begun: vi.fn(),
    sent: vi.fn(),
    stalled: vi.fn(),
    stored: vi.fn(),
    failed: vi.fn(),
  };
  new ResumableSender(file(), report, id).start();
  await vi.waitFor(() => expect(report.stored).toHaveBeenCalled(), { timeout: 8_000 });
  expect(server.calls).toEqual(["HEAD", "PATCH"]);
  expect(Buffer.compare(server.received, Buffer.from(bytes))).toBe(0);
});
