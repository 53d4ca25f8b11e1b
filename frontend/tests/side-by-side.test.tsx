// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { CellDesk } from "@/features/results/cell-desk";
import { type EarlierAnswers, earlierAnswers } from "@/features/results/earlier-answers";
import { MomentLanes } from "@/features/results/moment-lanes";
import { SideBySide } from "@/features/results/side-by-side";
import { VoteBar } from "@/features/results/vote-bar";
import type { Cell } from "@/lib/api/types";
import { cellOf } from "./cell-fixtures";

afterEach(cleanup);

const desk: CellDesk = {
  comparison: { videoIds: ["v"], prompts: ["p"], models: ["gemini", "scenes", "quality"], repeats: 1 },
  cells: new Map([
    [
      "1.1.1",
      cellOf({ model: "gemini", text: "A red ball rolls.", timings: { ...cellOf().timings, total: 14 } }),
    ],
    ["1.1.2", cellOf({ cell: "1.1.2", model: "scenes", text: "A blue ball rolls." })],
  ]),
  live: new Map(),
  awaited: false,
  ratings: {},
  onRate: vi.fn(),
  onRetry: undefined,
  onCancel: undefined,
  problem: null,
};

function show(part: { blind?: boolean; baseline?: number | null; earlier?: EarlierAnswers }) {
  const onModels = vi.fn();
  render(
    <SideBySide
      desk={desk}
      sides={{ videoIndex: 0, promptIndex: 0, repeat: 1, modelIndexes: [0, 1] }}
      onModels={onModels}
      blind={part.blind ?? false}
      together={false}
      baseline={part.baseline ?? null}
      onBaseline={vi.fn()}
      earlier={part.earlier ?? null}
      duration={30}
      onSeek={vi.fn()}
    />,
  );
  return onModels;
}

test("who looks blind sees neither the names nor what would give them away", () => {
  show({ blind: true });
  const first = screen.getByRole("article", { name: "A: answer" });
  expect(first.textContent).not.toContain("14 s");
  expect(document.body.textContent).not.toContain("gemini");
});

test("words that differ from the baseline are marked", async () => {
  show({ baseline: 0 });
  const second = screen.getByRole("article", { name: "scenes: answer" });
  expect((await within(second).findByText("blue")).tagName).toBe("INS");
  expect(within(second).getByText("red").tagName).toBe("DEL");
});

test("each answer is held against the earlier one to the same question, wherever that stood", async () => {
  const gemini = desk.cells.get("1.1.1") as Cell;
  const scenes = desk.cells.get("1.1.2") as Cell;
  const then = [
    { ...gemini, cell: "1.1.2", text: "Of another video.", video_id: "another" },
    { ...gemini, cell: "1.1.3", text: "To another prompt.", prompt: "another" },
    { ...gemini, cell: "2.1.2", text: "A green ball rolls." },
    { ...scenes, cell: "2.1.1" },
  ];
  show({ earlier: earlierAnswers(then) });
  const left = screen.getByRole("article", { name: "gemini: answer" });
  expect((await within(left).findByText("red")).tagName).toBe("INS");
  expect(within(left).getByText("green").tagName).toBe("DEL");
  const right = screen.getByRole("article", { name: "scenes: answer" });
  expect(right.textContent).toContain("The same answer as in the earlier job.");
});

test("an earlier job without an answer says so, and the answer of now stays readable", async () => {
  const failed = { ...(desk.cells.get("1.1.1") as Cell), text: "" };
  show({ earlier: earlierAnswers([failed]) });
  const gemini = screen.getByRole("article", { name: "gemini: answer" });
  expect(gemini.textContent).toContain("The earlier job has no answer to this.");
  expect(await within(gemini).findByText("A red ball rolls.")).toBeDefined();
});

test("of a repeat the answer of the same time is taken, else the first", () => {
  const find = earlierAnswers([cellOf({ text: "first" }), cellOf({ repeat: 2, text: "second" })]);
  expect([1, 2, 3].map((repeat) => find(cellOf({ repeat }))?.text)).toEqual(["first", "second", "first"]);
});

test("a column takes another model, and one more can be added", () => {
  const onModels = show({});
  fireEvent.change(screen.getAllByLabelText("Model of this column")[1] as Element, {
    target: { value: "2" },
  });
  fireEvent.click(screen.getByRole("button", { name: "Add a model" }));
  expect(onModels.mock.calls).toEqual([[[0, 2]], [[0, 1, 2]]]);
});

test("a note is kept when its field is left", () => {
  show({});
  const field = screen.getByLabelText("Your note on gemini");
  fireEvent.change(field, { target: { value: "Sees it" } });
  expect(desk.onRate).not.toHaveBeenCalled();
  fireEvent.blur(field);
  expect(desk.onRate).toHaveBeenCalledWith("1.1.1", { stars: null, note: "Sees it" });
});

test("a vote names the model, by click or by key", () => {
  const onVote = vi.fn();
  render(<VoteBar names={["A", "B"]} models={["gemini", "scenes"]} winner={null} onVote={onVote} />);
  fireEvent.click(screen.getByRole("button", { name: "B is better" }));
  fireEvent.keyDown(document.body, { key: "4" });
  expect(onVote.mock.calls).toEqual([["scenes"], ["bad"]]);
});

test("from the keyboard a lane leads from moment to moment", () => {
  const onSeek = vi.fn();
  const timestamps = [9, 2].map((seconds) => ({ seconds, end: null, text: `0:0${seconds}` }));
  const lanes = [{ name: "gemini", timestamps }];
  const { rerender } = render(<MomentLanes lanes={lanes} duration={30} time={0} onSeek={onSeek} />);
  fireEvent.click(screen.getByRole("button"), { detail: 0 });
  rerender(<MomentLanes lanes={lanes} duration={30} time={2} onSeek={onSeek} />);
  fireEvent.click(screen.getByRole("button"), { detail: 0 });
  expect(onSeek.mock.calls).toEqual([[2], [9]]);
});

test("on a phone a swipe brings the next answer to the front, and not beyond the last", () => {
  show({});
  const tab = (name: string) => screen.getByRole("button", { name }).getAttribute("aria-pressed");
  const answer = screen.getByRole("article", { name: "gemini: answer" });
  const swipe = (from: number, to: number, down = 0) => {
    fireEvent.touchStart(answer, { touches: [{ clientX: from, clientY: 0 }] });
    fireEvent.touchEnd(answer, { changedTouches: [{ clientX: to, clientY: down }] });
  };
  swipe(300, 280);
  swipe(300, 100, 200);
  expect(tab("gemini")).toBe("true");
  swipe(300, 100);
  swipe(300, 100);
  expect(tab("scenes")).toBe("true");
  swipe(100, 300);
  expect(tab("gemini")).toBe("true");
});
