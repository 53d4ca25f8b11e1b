import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const KEY = "longtake.theme";
const listeners = new Set<() => void>();

/** The colours that this browser was told to use. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, storedTheme);
}

export function chooseTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  applyTheme();
  for (const listener of listeners) listener();
}

/** Puts the chosen colours on the page; the style sheet does the rest. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = storedTheme();
}

function storedTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
