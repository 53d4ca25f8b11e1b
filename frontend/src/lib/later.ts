import { type ComponentType, type LazyExoticComponent, lazy } from "react";

interface Part<P> {
  default: ComponentType<P>;
}

const parts: (() => Promise<unknown>)[] = [];

/** A part of the page that the first load leaves out; it waits for a server that is away instead of breaking. */
export function later<P>(load: () => Promise<Part<P>>): LazyExoticComponent<ComponentType<P>> {
  parts.push(load);
  return lazy(() => loadedWhenThere(load, serverAnswers, untilNextTry));
}

/** Fetches all such parts when the browser has nothing else to do, so that they are there without a network too. */
export function fetchLaterParts(): void {
  if ("requestIdleCallback" in window) window.requestIdleCallback(fetchAll, { timeout: 3000 });
  else setTimeout(fetchAll, 1000);
}

/** A part may bring more of them. */
async function fetchAll(): Promise<void> {
  for (const load of parts) await load().catch(() => undefined);
}

/** Loads, again and again while the server is away. Where it answers and the part is not to be had, that is an error. */
export async function loadedWhenThere<T>(
  load: () => Promise<T>,
  isThere: () => Promise<boolean>,
  rest: () => Promise<void>,
): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      if (await isThere()) return load();
      await rest();
    }
  }
}

async function serverAnswers(): Promise<boolean> {
  const options: RequestInit = { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(4000) };
  return fetch(document.baseURI, options).then(
    () => true,
    () => false,
  );
}

function untilNextTry(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2000));
}
