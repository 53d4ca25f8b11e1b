import { expect, it } from "vitest";
import { loadedWhenThere } from "@/lib/later";

function failing(times: number): () => Promise<string> {
  let left = times;
  return async () => {
    if (left-- > 0) throw new TypeError("Failed to fetch dynamically imported module");
    return "part";
  };
}

const noRest = async () => {};

it("waits for a server that is away", async () => {
  const answers = [false, false, true];
  expect(await loadedWhenThere(failing(3), async () => answers.shift() ?? true, noRest)).toBe("part");
});

it("says so when the server answers and has no such part", async () => {
  await expect(loadedWhenThere(failing(5), async () => true, noRest)).rejects.toThrow("Failed to fetch");
});
