import { countCells, type Draft, written } from "@/features/compare/draft";
import type { RunOptions } from "@/features/compare/run-options";
import { readTerms } from "@/features/compare/terms";
import { useEstimate } from "@/features/compare/use-estimate";
import { about, type Uploading } from "@/features/compare/use-run";
import type { Estimate } from "@/lib/api/types";
import { count, formatCost, formatSeconds, listed } from "@/lib/format";

/** From here on the person is warned before anything starts: cells, and dollars. */
const MUCH = { cells: 50, cost: 1 };

interface RunCostProps {
  draft: Draft;
  options: RunOptions;
  uploading: Pick<Uploading, "underWay" | "known">;
}

/** How much the comparison is, before anything is spent. */
export function RunCost({ draft, options, uploading }: RunCostProps) {
  const estimate = useEstimate(about(draft, uploading.known), options);
  const videos = draft.videoIds.length + uploading.underWay;
  const cells = countCells(draft, videos);
  const { repeats = 1 } = readTerms(draft.terms).terms;
  const much = [];
  if (cells - (estimate?.reused ?? 0) > MUCH.cells) much.push("many cells");
  if ((estimate?.cost_usd ?? 0) > MUCH.cost) much.push("real money");
  return (
    <>
      <span className="text-muted">
        {count(videos, "video", "videos")} × {count(written(draft.prompts).length, "prompt", "prompts")} ×{" "}
        {count(draft.models.length, "model", "models")}
        {repeats > 1 && ` × ${repeats} times`} ={" "}
      </span>
      <strong className={much.length > 0 ? "text-warn" : ""}>{count(cells, "cell", "cells")}</strong>
      {estimate && <span className="text-muted"> · {facts(estimate).join(" · ")}</span>}
      {estimate &&
        limits(estimate).map((text) => (
          <span key={text} className="block text-warn">
            {text}
          </span>
        ))}
      {much.length > 0 && (
        <span className="block text-warn">
          That is {much.join(" and ")}. It can be cancelled at any time
          <span className="max-sm:hidden">; what has been answered is kept</span>.
        </span>
      )}
    </>
  );
}

/** What a budget or the day's cap will not let through. */
export function limits(
  estimate: Pick<
    Estimate,
    "budget_usd" | "day_cap_usd" | "spent_today_usd" | "over_budget" | "not_asked" | "why_not_asked"
  >,
): string[] {
  const { budget_usd, day_cap_usd, spent_today_usd, over_budget, not_asked, why_not_asked } = estimate;
  const lines = [];
  if (over_budget) {
    const bounds = [];
    if (budget_usd !== null) bounds.push(`the budget of $${budget_usd}`);
    if (day_cap_usd !== null)
      bounds.push(
        `what is left of today's $${day_cap_usd} (est. $${Math.max(0, day_cap_usd - spent_today_usd).toFixed(2)})`,
      );
    lines.push(`More than ${bounds.join(" or ") || "the budget"}: the last cells are not asked.`);
  }
  if (not_asked.length > 0) lines.push(`Not asked: ${listed(not_asked)}. ${why_not_asked ?? ""}`.trim());
  return lines;
}

export function facts({
  by_model,
  cost_usd,
  seconds,
  reused,
  awaited,
}: Pick<Estimate, "by_model" | "cost_usd" | "seconds" | "reused" | "awaited">): string[] {
  const tokens = by_model.reduce((sum, { input_tokens }) => sum + (input_tokens ?? 0), 0);
  const parts = [];
  if (reused > 0) parts.push(`${reused} answered before`);
  if (tokens > 0) parts.push(`est. ${thousands(tokens)} tokens`);
  if (cost_usd !== null) parts.push(formatCost(cost_usd));
  else parts.push(awaited > 0 ? "cost unknown until all is uploaded" : "price unknown");
  if (seconds !== null) parts.push(`about ${formatSeconds(Math.ceil(seconds))}`);
  return parts;
}

function thousands(tokens: number): string {
  return tokens < 1_000 ? String(tokens) : `${Math.round(tokens / 1_000).toLocaleString("en-US")}k`;
}
