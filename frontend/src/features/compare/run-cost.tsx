import { countCells, type Draft, written } from "@/features/compare/draft";
import { readTerms } from "@/features/compare/terms";
import { useEstimate } from "@/features/compare/use-estimate";
import { count, formatCost, formatSeconds } from "@/lib/format";

/** From here on the person is warned before anything starts: cells, and dollars. */
const MUCH = { cells: 50, dollars: 1 };

interface RunCostProps {
  draft: Draft;
  /** In dollars, as written; "" for no limit. */
  budget: string;
}

/** How much the comparison is, before anything is spent. */
export function RunCost({ draft, budget }: RunCostProps) {
  const estimate = useEstimate(draft);
  const cells = countCells(draft);
  const cost = estimate?.cost_usd ?? null;
  const { repeats = 1 } = readTerms(draft.terms).terms;
  const warnings = [];
  const beyond = budget.trim() !== "" && cost !== null && cost > Number(budget);
  if (cells > MUCH.cells) warnings.push("many cells");
  if (cost !== null && cost > MUCH.dollars) warnings.push("real money");
  return (
    <>
      <span className="text-muted">
        {count(draft.videoIds.length, "video", "videos")} ×{" "}
        {count(written(draft.prompts).length, "prompt", "prompts")} ×{" "}
        {count(draft.models.length, "model", "models")}
        {repeats > 1 && ` × ${repeats} times`} ={" "}
      </span>
      <strong className={warnings.length > 0 ? "text-warn" : ""}>{count(cells, "cell", "cells")}</strong>
      {estimate && <span className="text-muted"> · {facts(estimate).join(" · ")}</span>}
      {beyond && (
        <span className="block text-warn">
          The budget of ${budget} will not be enough for all of them: the last cells are not asked.
        </span>
      )}
      {warnings.length > 0 && (
        <span className="block text-warn">
          That is {warnings.join(" and ")}. It can be cancelled at any time
          <span className="max-sm:hidden">; what has been answered is kept</span>.
        </span>
      )}
    </>
  );
}

function facts({ by_model, cost_usd, seconds }: NonNullable<ReturnType<typeof useEstimate>>): string[] {
  const tokens = by_model.reduce((sum, { input_tokens }) => sum + (input_tokens ?? 0), 0);
  const parts = [];
  if (tokens > 0) parts.push(`est. ${thousands(tokens)} tokens`);
  parts.push(cost_usd === null ? "price unknown" : formatCost(cost_usd));
  if (seconds !== null) parts.push(`about ${formatSeconds(Math.ceil(seconds))}`);
  return parts;
}

function thousands(tokens: number): string {
  return tokens < 1_000 ? String(tokens) : `${Math.round(tokens / 1_000).toLocaleString("en-US")}k`;
}
