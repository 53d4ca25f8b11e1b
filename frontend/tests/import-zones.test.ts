import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const BIOME = resolve("node_modules/@biomejs/biome/bin/biome");
let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "zones-"));
  copyFileSync("biome.json", join(project, "biome.json"));
});

afterEach(() => rmSync(project, { recursive: true }));

test.each([
  ["src/features/jobs/file.ts", "@/features/videos/queries", "A feature never imports another"],
  ["src/features/compare/file.ts", "@/app/app", "A feature never imports another"],
  ["src/components/ui/file.tsx", "@/features/jobs/queries", "components/ui knows no feature"],
  ["src/lib/file.ts", "@/components/ui/button", "lib is the lowest layer"],
  ["src/dashboard/file.ts", "@/features/results/cell-view", "The dashboard knows jobs and nothing else"],
  ["src/dashboard/file.ts", "@/app/shell", "The dashboard knows jobs and nothing else"],
  ["src/features/jobs/file.ts", "@/dashboard/shell", "A feature never imports another"],
  ["src/app/file.ts", "@/dashboard/shell", "The dashboard is a page of its own"],
  ["src/features/jobs/file.ts", "../videos/queries", "Import by the full path"],
])("%s may not import %s", (file, target, reason) => {
  expect(lint(file, target)).toContain(reason);
});

test("the dashboard may import the jobs", () => {
  expect(lint("src/dashboard/file.ts", "@/features/jobs/queries")).toBe("");
});

test("src/app may import every feature", () => {
  expect(lint("src/app/file.ts", "@/features/videos/queries")).toBe("");
});

/** What the linter complains of in a file that imports the target. */
function lint(file: string, target: string): string {
  const path = join(project, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `import * as it from "${target}";\n\nexport { it };\n`);
  const words = [BIOME, "lint", "--only=style/noRestrictedImports", "src"];
  try {
    execFileSync(process.execPath, words, { cwd: project, encoding: "utf8", stdio: "pipe" });
    return "";
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
}
