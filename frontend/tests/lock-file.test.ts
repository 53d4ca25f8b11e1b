import { expect, test } from "vitest";
import manifest from "../package.json";
import lock from "../package-lock.json";

interface Locked {
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}

const locked = Object.entries(lock.packages as Record<string, Locked>);

test("the lock file holds the binaries of every platform, so that npm ci works on all of them", () => {
  const names = new Set(locked.map(([path]) => path.replace(/^.*node_modules\//, "")));
  const wanted = locked.flatMap(([, entry]) => Object.keys(entry.optionalDependencies ?? {}));
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter((name) => !names.has(name))).toEqual([]);
});

test("the lock file names no registry", () => {
  expect(locked.filter(([, { resolved }]) => resolved)).toEqual([]);
});

test("every dependency has an exact version", () => {
  const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
