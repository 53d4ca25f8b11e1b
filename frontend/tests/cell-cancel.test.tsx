// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { useCellDesk } from "@/features/results/cell-desk";
import { CellView } from "@/features/results/cell-view";
import type { Job } from "@/lib/api/types";
import { cellOf } from "./cell-fixtures";
import { jobOf } from "./job-fixtures";

const comparison = { videoIds: ["v"], prompts: ["p"], models: ["slow"], repeats: 1 };
const paths = { "/api/jobs/{job_id}/cells/{cell}/cancel": {} };

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Screen({ job }: { job: Job }) {
  const desk = useCellDesk(job, { steps: [], live: {} }, comparison);
  return (
    <CellView
      model="slow"
      name="1.1.1"
      cell={null}
      live={{ text: "So far" }}
      awaited={desk.awaited}
      duration={null}
      onSeek={vi.fn()}
      rating={undefined}
      onRate={desk.onRate}
      onRetry={desk.onRetry}
      onCancel={desk.onCancel}
    />
  );
}

function show(job: Job) {
  const calls: string[] = [];
  vi.stubGlobal("fetch", async (url: string, { method = "GET" }: RequestInit = {}) => {
    calls.push(`${method} ${new URL(url).pathname}`);
    return new Response(JSON.stringify(url.endsWith("openapi.json") ? { paths } : {}));
  });
  const client = new QueryClient();
  const screenOf = (shown: Job) => (
    <QueryClientProvider client={client}>
      <Screen job={shown} />
    </QueryClientProvider>
  );
  const { rerender } = render(screenOf(job));
  return { calls, become: (next: Job) => rerender(screenOf(next)) };
}

test("one cell of a running job can be cancelled alone", async () => {
  const { calls } = show(jobOf({ job_id: "j", status: "running" }));
  fireEvent.click(await screen.findByRole("button", { name: "Cancel slow" }));
  await vi.waitFor(() => expect(calls).toContain("POST /api/jobs/j/cells/1.1.1/cancel"));
});

test("once the whole job is being cancelled, or has ended, there is nothing more to cancel", async () => {
  const running = jobOf({ job_id: "j", status: "running" });
  const { become } = show(running);
  await screen.findByRole("button", { name: "Cancel slow" });
  become({ ...running, cancel_requested: true });
  expect(screen.queryByRole("button")).toBeNull();
  become(running);
  expect(screen.getByRole("button", { name: "Cancel slow" })).toBeDefined();
  become({ ...running, status: "completed" });
  expect(screen.queryByRole("button")).toBeNull();
});

test.each([
  ["cancelled", true],
  ["cut_off", true],
  ["failed", true],
  ["completed", false],
] as const)("a cell that is %s can be asked again: %s", (state, offered) => {
  const onRetry = vi.fn();
  render(
    <CellView
      model="slow"
      name="1.1.1"
      cell={cellOf({ state, text: "So far" })}
      live={undefined}
      awaited={false}
      duration={null}
      onSeek={vi.fn()}
      rating={undefined}
      onRate={undefined}
      onRetry={onRetry}
      onCancel={undefined}
    />,
  );
  const button = screen.queryByRole("button", { name: "Retry this cell" });
  expect(button !== null).toBe(offered);
  if (button) fireEvent.click(button);
  expect(onRetry.mock.calls).toEqual(offered ? [["1.1.1"]] : []);
});
