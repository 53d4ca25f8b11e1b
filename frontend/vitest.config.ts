import { resolve } from "node:path";
import { mergeConfig } from "vite";
import { defineConfig } from "vitest/config";
import page from "./vite.config.ts";

// Node would be given the library's Node build, but the page sends its files as a browser does.
const tus = resolve(import.meta.dirname, "node_modules/tus-js-client/lib.esm/browser/index.js");

export default mergeConfig(
  page,
  defineConfig({
    resolve: { alias: { "tus-js-client": tus } },
    test: {
      include: ["tests/**/*.test.{ts,tsx}"],
      setupFiles: ["tests/setup.ts"],
      testTimeout: 30_000,
    },
  }),
);
