import type { Cell } from "@/lib/api/types";
import { count, formatCost, formatSeconds } from "@/lib/format";

/** The model that answered, if it is another than the one that was asked: a dated release of it is not. */
export function otherModel({ model, answered_by }: Pick<Cell, "model" | "answered_by">): string | null {
  if (!answered_by || answered_by === model) return null;
  const [, asked = model] = /^[^/]+\/(.+)$/.exec(model) ?? [];
  const same = answered_by.startsWith(asked) && /^(?:-[\d-]+)?$/.test(answered_by.slice(asked.length));
  return same ? null : answered_by;
}

/** What the answer took: time and money. */
export function price({ timings, cost_usd }: Cell): string {
  const facts = [];
  if (timings.total !== null) facts.push(formatSeconds(timings.total));
  if (cost_usd !== null) facts.push(formatCost(cost_usd));
  return facts.join(" · ");
}

/** How the model got the video, and how much it read and wrote. */
export function provenance({ input, usage }: Cell): string {
  const facts = [];
  if (input) facts.push(inputFact(input));
  if (usage) {
    facts.push(`${count(usage.input_tokens, "token", "tokens")} in`);
    facts.push(`${(usage.output_tokens + usage.thinking_tokens).toLocaleString("en-US")} out`);
  }
  return facts.join(" · ");
}

function inputFact({ mode, frames, resolution }: NonNullable<Cell["input"]>): string {
  if (mode === "simulated") return "simulation";
  if (mode === "local") return "on this machine";
  const what = mode === "frames" && frames !== null ? count(frames, "frame", "frames") : "whole video";
  return resolution ? `${what}, ${resolution.replace("x", "×")}` : what;
}
