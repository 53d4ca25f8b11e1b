import type { Cell } from "@/lib/api/types";
import { count, formatClock, formatCost, formatSeconds } from "@/lib/format";

/** What the answer took: time and money. */
export function price({ timings, cost_usd, reused_from }: Cell): string {
  if (reused_from) return "reused";
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

function inputFact({ mode, frames, fps, resolution, clip }: NonNullable<Cell["input"]>): string {
  if (mode === "simulated") return "simulation";
  if (mode === "local") return "on this machine";
  const facts = [mode === "frames" && frames !== null ? count(frames, "frame", "frames") : "the video"];
  if (clip) facts.push(`${formatClock(clip[0])}–${formatClock(clip[1])}`);
  if (fps !== null) facts.push(`${fps} fps`);
  if (resolution) facts.push(resolution.replace("x", "×"));
  return facts.join(", ");
}
