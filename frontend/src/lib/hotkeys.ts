import { type RefObject, useEffect, useRef } from "react";

/** What one key does: "j", "?", "ArrowLeft", or two in a row: "g j". */
export interface Hotkey {
  keys: string;
  /** In the words of the help. */
  does: string;
  run: (event: KeyboardEvent) => void;
}

/** How long the first of two keys waits for the second, in milliseconds. */
const PATIENCE = 1_000;
const OFF = "longtake.keys-off";

const layers: RefObject<Hotkey[]>[] = [];
let first: { key: string; at: number } | null = null;

/** Listens for these keys while the caller is shown; of two that want the same key the later one gets it. */
export function useHotkeys(hotkeys: Hotkey[]): void {
  const latest = useRef(hotkeys);
  latest.current = hotkeys;
  useEffect(() => {
    if (layers.length === 0) window.addEventListener("keydown", press);
    layers.push(latest);
    return () => {
      layers.splice(layers.indexOf(latest), 1);
      if (layers.length === 0) window.removeEventListener("keydown", press);
    };
  }, []);
}

/** All keys that do something now, those of the innermost part of the screen first. */
export function hotkeysNow(): Hotkey[] {
  const seen = new Set<string>();
  return layers
    .toReversed()
    .flatMap(({ current }) => current)
    .filter(({ keys }) => !seen.has(keys) && seen.add(keys));
}

/** Whether single keys act in this browser (a person may switch them off: WCAG 2.1.4). */
export function hotkeysAreOn(): boolean {
  return localStorage.getItem(OFF) === null;
}

export function switchHotkeys(on: boolean): void {
  if (on) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "yes");
}

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!hotkeysAreOn() || isTaken(event)) return;
  const stroke = first && Date.now() - first.at < PATIENCE ? `${first.key} ${event.key}` : event.key;
  first = null;
  const known = hotkeysNow();
  const found = known.find(({ keys }) => keys === stroke);
  if (found) {
    event.preventDefault();
    found.run(event);
  } else if (known.some(({ keys }) => keys.startsWith(`${event.key} `))) {
    first = { key: event.key, at: Date.now() };
  }
}

/** Whether the element that has the focus needs the key for itself. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (document.querySelector("dialog[open]")) return true;
  if (!(target instanceof Element)) return false;
  if (target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=button])"))
    return true;
  if (key === " " || key === "Enter") return target.closest("a, button, summary, input, video") !== null;
  return key.startsWith("Arrow") && target.closest("video, [role=menu], [role=radiogroup]") !== null;
}
