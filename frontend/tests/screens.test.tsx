// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { AT_ONCE } from "@/features/compare/run-options";
import { USUAL_TERMS } from "@/features/compare/terms";
import { useRun } from "@/features/compare/use-run";
import { CheckListPanel } from "@/features/health/check-list";
import { VideoCard } from "@/features/videos/video-card";
import type { Video } from "@/lib/api/types";
import { applyTheme, chooseTheme } from "@/lib/theme";
import { serve } from "./local-server";

const video: Video = {
  video_id: "v",
  name: "film.mp4",
  size: 2_000_000,
  duration: 75,
  width: 640,
  height: 360,
  fps: 25,
  codec: "h264",
  audio_codec: null,
  media_type: "video/mp4",
  plays_in_browsers: true,
  uploaded_at: "2026-11-23T18:00:00Z",
};
let calls: string[];
let stop: () => Promise<void>;

beforeAll(() => {
  // jsdom knows no dialogs.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});

beforeEach(async () => {
  calls = [];
  stop = await serve((request, response) => {
    const [method, url] = [request.method, request.url?.replace("/prefix/api/", "") ?? ""];
    if (url === "openapi.json") return response.end('{"paths":{"/api/doctor":{}}}');
    calls.push(`${method} ${url}`);
    if (url === "doctor") {
      const fine = { name: "Clock", ok: true, detail: "It is right.", fix: null };
      const bad = { name: "Disk", ok: false, detail: "1 GB is free.", fix: "Delete videos." };
      return response.end(JSON.stringify({ checks: [fine, bad] }));
    }
    if (url.endsWith("force=false"))
      return response.writeHead(409).end('{"detail":"In use.","jobs":["j1","j2"]}');
    return response
      .writeHead(method === "DELETE" ? 204 : 202)
      .end(method === "DELETE" ? "" : '{"job_id":"j"}');
  });
});

afterEach(async () => {
  cleanup();
  await stop();
});

function show(content: ReactNode) {
  const wrapped = (inner: ReactNode) => <QueryClientProvider client={client}>{inner}</QueryClientProvider>;
  const client = new QueryClient();
  const { rerender } = render(wrapped(content));
  return (next: ReactNode) => rerender(wrapped(next));
}

test("what needs attention comes first, with what to do about it", async () => {
  show(<CheckListPanel />);
  const lines = await screen.findAllByRole("listitem");
  expect(lines.map((line) => line.textContent)).toEqual([
    "Disk needs attention · 1 GB is free.Delete videos.",
    "Clock is fine · It is right.",
  ]);
});

test("a video in use is deleted only when the person insists, and sees which jobs need it", async () => {
  show(<VideoCard video={video} usedIn={2} compareHref="/" jobHref={(id) => `/jobs/${id}`} />);
  fireEvent.click(screen.getByRole("button", { name: "Delete film.mp4" }));
  fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Delete" }));
  const refusal = await screen.findByRole("dialog", { name: "This video is in use" });
  expect(within(refusal).getByRole("link", { name: "j2" }).getAttribute("href")).toBe("/jobs/j2");
  fireEvent.click(within(refusal).getByRole("button", { name: "Delete anyway" }));
  await vi.waitFor(() =>
    expect(calls).toEqual(["DELETE videos/v?force=false", "DELETE videos/v?force=true"]),
  );
});

function Run({ videoIds, announce }: { videoIds: string[]; announce: () => Promise<string[]> }) {
  const draft = { videoIds, prompts: ["What?"], models: ["m"], terms: USUAL_TERMS };
  const uploading = { underWay: 1, known: [], announce };
  const { run, ready, error } = useRun(draft, AT_ONCE, uploading, () => {});
  return (
    <button type="button" disabled={!ready} onClick={run}>
      {error?.message ?? "Run"}
    </button>
  );
}

test("who runs while videos are uploaded starts the job at once, about them too", async () => {
  show(<Run videoIds={["old"]} announce={async () => ["u1", "u2"]} />);
  fireEvent.click(screen.getByRole("button"));
  await vi.waitFor(() => expect(calls).toEqual(["POST batch-compare-async"]));
});

test("an upload that the server does not take starts nothing, and says why", async () => {
  show(<Run videoIds={["old"]} announce={() => Promise.reject(new Error("The disk has no room."))} />);
  fireEvent.click(screen.getByRole("button"));
  expect(await screen.findByText("The disk has no room.")).toBeDefined();
  expect(calls).toEqual([]);
});

test("chosen colours are kept, and those of the system need no memory", () => {
  chooseTheme("dark");
  document.documentElement.dataset.theme = "";
  applyTheme();
  expect(document.documentElement.dataset.theme).toBe("dark");
  chooseTheme("system");
  expect(document.documentElement.dataset.theme).toBe("system");
  expect(localStorage.length).toBe(0);
});
