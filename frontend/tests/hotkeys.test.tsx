// @vitest-environment jsdom
import { cleanup, fireEvent, render } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { hotkeysNow, switchHotkeys, useHotkeys } from "@/lib/hotkeys";

const pressed: string[] = [];

function Keys({ keys, as = "" }: { keys: string[]; as?: string }) {
  useHotkeys(keys.map((key) => ({ keys: key, does: key, run: () => pressed.push(key + as) })));
  return <input aria-label="field" />;
}

afterEach(() => {
  cleanup();
  switchHotkeys(true);
  pressed.length = 0;
});

function press(...keys: string[]): void {
  for (const key of keys) fireEvent.keyDown(document.body, { key });
}

test("one key, and two in a row", () => {
  render(<Keys keys={["j", "c", "g c"]} />);
  press("j", "g", "c", "c", "z");
  expect(pressed).toEqual(["j", "g c", "c"]);
});

test("keys do nothing in text fields, with a modifier, after they are gone or switched off", () => {
  const { getByLabelText, unmount } = render(<Keys keys={["j"]} />);
  fireEvent.keyDown(getByLabelText("field"), { key: "j" });
  fireEvent.keyDown(document.body, { key: "j", ctrlKey: true });
  switchHotkeys(false);
  press("j");
  switchHotkeys(true);
  unmount();
  press("j");
  expect(pressed).toEqual([]);
});

test("the inner screen has the key first, and the help tells which keys there are", () => {
  render(<Keys keys={["j", "?"]} as=" outer" />);
  render(<Keys keys={["j"]} as=" inner" />);
  press("j");
  expect(pressed).toEqual(["j inner"]);
  expect(hotkeysNow().map(({ keys }) => keys)).toEqual(["j", "?"]);
});
