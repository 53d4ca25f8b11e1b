// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { serve } from "./local-server";

let answers: (string | null)[];
let stop: () => Promise<void>;

const document_ = JSON.stringify({
  paths: { "/api/estimate": {} },
  components: { schemas: { CompareRequest: { properties: { run_at: {} } } } },
});

beforeEach(async () => {
  vi.resetModules();
  stop = await serve((_, response) => {
    const answer = answers.shift();
    response.writeHead(answer ? 200 : 500).end(answer ?? "");
  });
});

afterEach(() => stop());

test("the server's own description tells what it has, and is asked for once", async () => {
  answers = [document_];
  const { offers, takes } = await import("@/lib/api/offers");
  expect(await offers("/api/estimate")).toBe(true);
  expect(await offers("/api/uploads")).toBe(false);
  expect(await takes("CompareRequest", "run_at")).toBe(true);
  expect(await takes("CompareRequest", "priority")).toBe(false);
  expect(await takes("Other", "run_at")).toBe(false);
});

test("a description that could not be had is asked for again", async () => {
  answers = [null, document_];
  const { offers } = await import("@/lib/api/offers");
  await expect(offers("/api/estimate")).rejects.toThrow();
  expect(await offers("/api/estimate")).toBe(true);
});
