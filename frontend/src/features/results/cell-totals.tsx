import { CELL_LOOKS } from "@/features/results/cell-state";
import { type Comparison, placesOf } from "@/features/results/comparison";
import type { Cell, CellState } from "@/lib/api/types";
import { count, formatCost } from "@/lib/format";

interface CellTotalsProps {
  comparison: Comparison;
  cells: Map<string, Cell>;
  /** Whether unfinished cells can still come. */
  awaited: boolean;
}

/** How many cells there are, how they ended, and what they cost together. */
export function CellTotals({ comparison, cells, awaited }: CellTotalsProps) {
  const all = placesOf(comparison).length * comparison.models.length;
  const finished = [...cells.values()];
  const known = finished.flatMap(({ cost_usd }) => (cost_usd === null ? [] : [cost_usd]));
  const states = Map.groupBy(finished, ({ state }) => state);
  const parts = [...states].map(([state, { length }]) => `${length} ${word(state)}`);
  if (finished.length < all) parts.push(`${all - finished.length} ${awaited ? "to come" : "not asked"}`);
  if (known.length > 0) parts.push(formatCost(known.reduce((sum, cost) => sum + cost, 0)));
  const reused = finished.filter(({ reused_from }) => reused_from);
  if (reused.length > 0) {
    const saved = reused.reduce((sum, { saved_usd }) => sum + (saved_usd ?? 0), 0);
    parts.push(`${reused.length} reused${saved > 0 ? `, saved ${formatCost(saved)}` : ""}`);
  }
  return (
    <p className="text-sm">
      <span className="font-semibold">{count(all, "cell", "cells")}</span>
      <span className="text-muted">: {parts.join(" · ")}</span>
    </p>
  );
}

function word(state: CellState): string {
  return CELL_LOOKS[state].word.toLowerCase();
}
