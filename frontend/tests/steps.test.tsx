// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { jobKeys } from "@/features/jobs/job-cache";
import { useSteps } from "@/features/jobs/queries";
import type { Job } from "@/lib/api/types";
import { jobOf } from "./job-fixtures";
import { serve } from "./local-server";

const attempt = {
  number: 1,
  worker: "w",
  started_at: "",
  ended_at: null,
  outcome: null,
  error: null,
  steps: 0,
  sleeps: [],
};
let recorded: number;
let asked: string[];
let stop: () => Promise<void>;
let client: QueryClient;

beforeEach(async () => {
  recorded = 2;
  asked = [];
  client = new QueryClient();
  stop = await serve((request, response) => {
    const after = Number(new URL(request.url ?? "", "http://x").searchParams.get("after"));
    asked.push(String(after));
    const steps = Array.from({ length: recorded }, (_, index) => ({
      number: index + 1,
      name: `s${index + 1}`,
    }));
    response.end(
      JSON.stringify({ steps: steps.filter(({ number }) => number > after), live: { now: after } }),
    );
  });
});

afterEach(() => stop());

function show(job: Job) {
  return renderHook((shown: Job) => useSteps(shown, true), {
    initialProps: job,
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
}

test("only steps that are not known yet are loaded", async () => {
  const job = jobOf({ status: "pending", attempts: [attempt] });
  const { result } = show(job);
  await waitFor(() => expect(result.current.steps).toHaveLength(2));
  recorded = 3;
  await client.invalidateQueries({ queryKey: jobKeys.steps(job.job_id) });
  await waitFor(() => expect(result.current.steps.map(({ number }) => number)).toEqual([1, 2, 3]));
  expect(asked).toEqual(["0", "2"]);
  expect(result.current.live).toEqual({ now: 2 });
});

test("a retry may have forgotten steps, so that they are loaded anew", async () => {
  const { result, rerender } = show(jobOf({ status: "failed", attempts: [attempt] }));
  await waitFor(() => expect(result.current.steps).toHaveLength(2));
  recorded = 1;
  rerender(jobOf({ status: "pending", attempts: [attempt] }));
  await waitFor(() => expect(result.current.steps).toHaveLength(1));
  expect(asked).toEqual(["0", "0"]);
});
