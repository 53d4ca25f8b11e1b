// @vitest-environment jsdom
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { ApiProblem, apiDelete, apiGet, apiPost, Unreachable } from "@/lib/api/client";
import { serve } from "./local-server";

let stop: (() => Promise<void>) | undefined;

afterEach(async () => {
  await stop?.();
  stop = undefined;
});

async function answering(status: number, body: string) {
  const asked: string[] = [];
  stop = await serve((request: IncomingMessage, response: ServerResponse) => {
    let sent = "";
    request.on("data", (part) => {
      sent += part;
    });
    request.on("end", () => {
      asked.push(`${request.method} ${request.url} ${sent}`.trim());
      response.writeHead(status).end(body);
    });
  });
  return asked;
}

test("paths are below the prefix at which the page is served", async () => {
  const asked = await answering(200, '{"jobs": []}');
  expect(await apiGet("jobs?limit=1")).toEqual({ jobs: [] });
  expect(asked).toEqual(["GET /prefix/api/jobs?limit=1"]);
});

test("a request carries its body as JSON", async () => {
  const asked = await answering(202, '{"job_id": "x"}');
  await apiPost("compare-async", { models: ["a"] });
  expect(asked).toEqual(['POST /prefix/api/compare-async {"models":["a"]}']);
});

test("an empty answer is fine", async () => {
  await answering(204, "");
  await expect(apiDelete("jobs/x")).resolves.toBeUndefined();
});

test("a problem document speaks for itself", async () => {
  const detail = "No API key for gemini: set GEMINI_API_KEY, or choose local/scenes.";
  await answering(422, JSON.stringify({ title: "No key", status: 422, detail }));
  const error = await apiGet("models").catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiProblem);
  expect(error).toMatchObject({ status: 422, title: "No key", detail, message: detail });
});

test.each(["<html>Oops</html>", "", "[]", '{"detail": [{"msg": "x"}]}'])(
  "an error that is no problem document (%j) is still told in words",
  async (body) => {
    await answering(500, body);
    const error = await apiGet("jobs").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "ApiProblem", status: 500, title: "Error 500" });
    expect((error as Error).message).toContain("(500)");
  },
);

test("no server is told apart from a problem", async () => {
  await answering(200, "{}");
  await stop?.();
  stop = undefined;
  await expect(apiGet("jobs")).rejects.toBeInstanceOf(Unreachable);
});

test("a proxy that finds no server is told apart from a server that is busy", async () => {
  await answering(502, "<html>Bad gateway</html>");
  await expect(apiGet("jobs")).rejects.toBeInstanceOf(Unreachable);
  await stop?.();
  await answering(503, '{"title": "Disk full", "detail": "Free some space."}');
  await expect(apiGet("jobs")).rejects.toMatchObject({ status: 503, detail: "Free some space." });
});

test("a caller that gives up gets its own reason back", async () => {
  stop = await serve(() => {});
  const caller = new AbortController();
  const answer = apiGet("jobs", caller.signal);
  caller.abort();
  await expect(answer).rejects.toMatchObject({ name: "AbortError" });
});

test("only what is read is said to be asked for again by itself", async () => {
  await answering(502, "");
  await expect(apiGet("jobs")).rejects.toThrow("This page tries again by itself.");
  await expect(apiPost("compare-async")).rejects.toThrow("See whether it was done before you try again.");
});
