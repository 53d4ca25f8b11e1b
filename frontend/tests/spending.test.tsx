// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SpendingPanel } from "@/features/health/spending-panel";
import { keptFacts } from "@/features/results/job-spending";

const calls: string[] = [];
const spending = {
  day: "2026-11-25",
  today_usd: 1.25,
  open_usd: 0.02,
  day_cap_usd: 5,
  calls: 30,
  open_calls: 1,
  unknown_calls: 2,
};

beforeEach(() => {
  calls.length = 0;
  // jsdom has no modal dialogs yet.
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
    this.open = false;
  };
  vi.stubGlobal("fetch", async (url: string, { method = "GET" }: RequestInit = {}) => {
    calls.push(`${method} ${new URL(url).pathname}`);
    return new Response(JSON.stringify(method === "POST" ? { jobs: 3 } : spending));
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show() {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SpendingPanel />
    </QueryClientProvider>,
  );
}

test("the day's spending stands beside its cap, and what is unsure is said", async () => {
  show();
  expect(await screen.findByText("est. $1.25")).toBeDefined();
  const panel = screen.getByRole("region", { name: "Spending" });
  expect(panel.textContent).toContain("of $5.00 today · 30 paid calls");
  expect(panel.textContent).toContain("1 call has no outcome yet: est. $0.02 is reserved.");
  expect(panel.textContent).toContain("Nobody knows the price of 2 calls");
});

test("everything stops only after the person has confirmed it", async () => {
  show();
  fireEvent.click(screen.getByRole("button", { name: "Stop everything" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(calls).not.toContain("POST /api/stop-all");
  fireEvent.click(dialog.getByRole("button", { name: "Stop everything" }));
  await vi.waitFor(() => expect(calls).toContain("POST /api/stop-all"));
});

test("what a crash did not cost again is told, and nothing where there was none", () => {
  const none = { calls: 0, usd: 0 };
  expect(keptFacts({ kept: none, reattached: none })).toEqual([]);
  expect(keptFacts({ kept: { calls: 3, usd: 0.25 }, reattached: { calls: 1, usd: 0.1 } })).toEqual([
    "3 paid calls were kept and not made again (est. $0.25).",
    "1 call went on at the provider meanwhile and was only listened to again (est. $0.10).",
  ]);
});
