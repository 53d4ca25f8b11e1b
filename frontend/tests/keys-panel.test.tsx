// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { KeysPanel } from "@/features/health/keys-panel";

const keys = [
  { provider: "gemini", variable: "GEMINI_API_KEY", is_set: true },
  { provider: "openai", variable: "OPENAI_API_KEY", is_set: false },
];

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(answer: () => Promise<Response>) {
  const posted: string[] = [];
  vi.stubGlobal("fetch", (url: string, { method }: RequestInit) => {
    if (method !== "POST") return Promise.resolve(new Response(JSON.stringify({ keys })));
    posted.push(new URL(url).pathname);
    return answer();
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <KeysPanel />
    </QueryClientProvider>,
  );
  return posted;
}

test("only a key that is set can be tested, and only that one is asked about", async () => {
  const trial = { ...keys[0], state: "refused", detail: "It is not accepted. Check its value." };
  const posted = show(async () => new Response(JSON.stringify(trial)));
  const [gemini, openai] = await screen.findAllByRole("listitem");
  expect(within(openai as HTMLElement).queryByRole("button")).toBeNull();
  expect(openai?.textContent).toContain("set OPENAI_API_KEY and start the server again");
  fireEvent.click(within(gemini as HTMLElement).getByRole("button", { name: "Test the key of gemini" }));
  expect(await screen.findByText("It is not accepted. Check its value.")).toBeDefined();
  expect(posted).toEqual(["/api/keys/gemini/test"]);
});

test("a key is not asked about twice at once", async () => {
  const posted = show(() => new Promise(() => {}));
  const button = await screen.findByRole("button", { name: "Test the key of gemini" });
  fireEvent.click(button);
  expect(await screen.findByText("Asking gemini …")).toBeDefined();
  fireEvent.click(button);
  expect(posted).toHaveLength(1);
});
