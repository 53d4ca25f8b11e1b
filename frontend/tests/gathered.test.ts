import { expect, test } from "vitest";
import { gathered } from "@/lib/gathered";

function gatheredHere(most = 3) {
  const asked: (readonly string[])[] = [];
  const ask = gathered<string>(
    async (keys) => {
      asked.push([...keys]);
      if (keys.includes("bad")) throw new Error("no");
      return new Map(keys.filter((key) => key !== "unknown").map((key) => [key, key.toUpperCase()]));
    },
    { pause: 0, most },
  );
  return { ask, asked };
}

test("what is asked in one moment goes together, and each gets its own answer", async () => {
  const { ask, asked } = gatheredHere();
  expect(await Promise.all([ask("a"), ask("unknown"), ask("b")])).toEqual(["A", null, "B"]);
  expect(asked).toEqual([["a", "unknown", "b"]]);
  expect(await ask("c")).toBe("C");
  expect(asked).toHaveLength(2);
});

test("more than fit are asked in several goes, and none is lost", async () => {
  const { ask, asked } = gatheredHere();
  const keys = ["a", "b", "c", "d", "e", "f", "g"];
  expect(await Promise.all(keys.map(ask))).toEqual(keys.map((key) => key.toUpperCase()));
  expect(asked).toEqual([["a", "b", "c"], ["d", "e", "f"], ["g"]]);
});

test("a failure is told to those who were in it, and not to the next", async () => {
  const { ask } = gatheredHere();
  const answers = await Promise.allSettled([ask("a"), ask("bad")]);
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await ask("a")).toBe("A");
});
