import { RotateCw, Star } from "lucide-react";
import { Button } from "@/components/ui/button";
import { price } from "@/features/results/cell-facts";
import { isIncomplete } from "@/features/results/cell-rows";
import { CellBadge, stateOf } from "@/features/results/cell-state";
import { plainText } from "@/features/results/plain-text";
import type { Cell, LiveCell } from "@/lib/api/types";

/** As much of an answer as two lines can hold. */
const EXCERPT = 160;

interface MatrixCellProps {
  cell: Cell | null;
  live: LiveCell | undefined;
  awaited: boolean;
  stars: number | null;
  onRetry: (() => void) | undefined;
}

export function MatrixCell({ cell, live, awaited, stars, onRetry }: MatrixCellProps) {
  const state = stateOf(cell, live, awaited);
  const text = cell?.error?.message ?? excerpt(cell?.text ?? live?.text ?? live?.message ?? "");
  return (
    <>
      <div className="flex items-center gap-2">
        <CellBadge state={state} />
        {stars !== null && (
          <span className="inline-flex items-center gap-0.5 text-warn">
            <Star aria-hidden className="size-3.5 fill-current" />
            <span className="sr-only">Rated </span>
            {stars}
          </span>
        )}
        {cell && isIncomplete(cell) && onRetry ? (
          <Button
            look="quiet"
            aria-label="Retry this cell"
            className="-my-1 ml-auto min-h-7! px-1.5!"
            onClick={onRetry}
          >
            <RotateCw aria-hidden className="size-3.5" />
          </Button>
        ) : (
          <span className="ml-auto truncate text-muted tabular-nums">{cell && price(cell)}</span>
        )}
      </div>
      <p className={`line-clamp-2 ${cell?.error ? "text-bad" : ""}`}>{text}</p>
    </>
  );
}

/** As much of it as two lines can hold. */
function excerpt(text: string): string {
  return plainText(text.slice(0, 2 * EXCERPT))
    .replace(/\s+/g, " ")
    .slice(0, EXCERPT);
}
