import { expect, test } from "vitest";
import { facts, limits } from "@/features/compare/run-cost";

const free = {
  budget_usd: null,
  day_cap_usd: null,
  spent_today_usd: 0,
  over_budget: false,
  not_asked: [],
  why_not_asked: null,
};

test("within its limits a comparison has nothing to say of them", () => {
  expect(limits(free)).toEqual([]);
  expect(limits({ ...free, budget_usd: 1, day_cap_usd: 5 })).toEqual([]);
});

test("a comparison beyond its limits says which, and how much is left of the day", () => {
  const both = { ...free, over_budget: true, budget_usd: 1, day_cap_usd: 5, spent_today_usd: 4.5 };
  expect(limits(both)).toEqual([
    "More than the budget of $1 or what is left of today's $5 (est. $0.50): the last cells are not asked.",
  ]);
  expect(limits({ ...both, day_cap_usd: null })).toEqual([
    "More than the budget of $1: the last cells are not asked.",
  ]);
  expect(limits({ ...both, budget_usd: null, spent_today_usd: 9 })[0]).toContain("(est. $0.00)");
});

test("models whose price nobody knows are named with what to do", () => {
  const asked = { ...free, budget_usd: 1, not_asked: ["a", "b"], why_not_asked: "Nobody knows their price." };
  expect(limits(asked)).toEqual(["Not asked: a and b. Nobody knows their price."]);
});

test("what a video costs that is not uploaded yet is said to be unknown", () => {
  const estimate = { by_model: [], seconds: null, reused: 0, cost_usd: null };
  expect(facts({ ...estimate, awaited: 1 })).toEqual(["cost unknown until all is uploaded"]);
  expect(facts({ ...estimate, awaited: 0 })).toEqual(["price unknown"]);
});
