import { useEffect, useState } from "react";

/** State that this browser remembers under `key`; `accepts` guards against what an older page has stored. */
export function useStored<T>(key: string, initial: T, accepts: (value: unknown) => value is T) {
  const [value, setValue] = useState<T>(() => read(key, accepts) ?? initial);
  useEffect(() => {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Storage is full or switched off: the page works the same, it only forgets.
    }
  }, [key, value]);
  return [value, setValue] as const;
}

function read<T>(key: string, accepts: (value: unknown) => value is T): T | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return accepts(value) ? value : null;
  } catch {
    return null;
  }
}
