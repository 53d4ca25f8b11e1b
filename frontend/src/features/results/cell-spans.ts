import type { Cell, CellState } from "@/lib/api/types";
import { formatSeconds } from "@/lib/format";

const TONES: Record<CellState, "good" | "warn" | "bad" | "quiet"> = {
  completed: "good",
  failed: "bad",
  blocked: "warn",
  cut_off: "warn",
  empty: "warn",
  cancelled: "quiet",
};

/** When a cell was asked and answered, for a timeline; null if that was not measured. */
export function spanOf(cell: Cell, finishedAt: string) {
  const { total } = cell.timings;
  if (total === null) return null;
  const to = Date.parse(finishedAt);
  const again = (cell.attempts ?? 1) > 1 ? `, asked ${cell.attempts} times` : "";
  return {
    lane: cell.model,
    says: `Cell ${cell.cell}: ${cell.state.replace("_", " ")} after ${formatSeconds(total)}${again}`,
    from: to - 1_000 * total,
    to,
    tone: TONES[cell.state],
  };
}
