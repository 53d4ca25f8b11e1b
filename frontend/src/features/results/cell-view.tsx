import { lazy, memo, Suspense } from "react";
import { Note } from "@/components/ui/note";
import { price, provenance } from "@/features/results/cell-facts";
import { CELL_LOOKS, CellBadge, type ShownState } from "@/features/results/cell-state";
import type { Cell, CellError, CellState } from "@/lib/api/types";

const Markdown = lazy(() => import("@/features/results/markdown"));

interface CellViewProps {
  model: string;
  /** Null until the cell has finished. */
  cell: Cell | null;
  /** Whether an unfinished cell can still come. */
  awaited: boolean;
  duration: number | null;
  onSeek: (seconds: number) => void;
}

/** What one model said of one video and prompt. */
export const CellView = memo(({ model, cell, awaited, duration, onSeek }: CellViewProps) => {
  const state: ShownState = cell?.state ?? (awaited ? "waiting" : "unasked");
  return (
    <article aria-label={`${model}: answer`} className="flex min-w-0 flex-col gap-2 bg-panel p-3 text-sm">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h4 className="mr-auto font-semibold sm:sr-only">{model}</h4>
        <CellBadge state={state} />
        {cell && <span className="text-muted text-xs tabular-nums sm:ml-auto">{price(cell)}</span>}
      </div>
      {cell?.answered_by && cell.answered_by !== model && (
        <Note tone="warn">Another model answered than the one asked for: {cell.answered_by}.</Note>
      )}
      {cell?.error && <CellProblem state={cell.state} error={cell.error} />}
      {cell && !cell.text && !cell.error && <p className="text-muted">{CELL_LOOKS[state].description}.</p>}
      {cell?.text && (
        <Suspense fallback={<p className="whitespace-pre-wrap">{cell.text}</p>}>
          <Markdown text={cell.text} duration={duration} onSeek={onSeek} />
        </Suspense>
      )}
      {state === "waiting" && <Placeholder />}
      {cell && <p className="mt-auto text-muted text-xs tabular-nums">{provenance(cell)}</p>}
    </article>
  );
});

function CellProblem({ state, error }: { state: CellState; error: CellError }) {
  return (
    <Note tone={state === "failed" ? "bad" : "warn"}>
      <p>{error.message}</p>
      {error.what_to_do && <p className="mt-1 font-medium">{error.what_to_do}</p>}
    </Note>
  );
}

function Placeholder() {
  return (
    <div aria-hidden className="flex flex-col gap-2 py-1">
      {["w-11/12", "w-4/5", "w-3/5"].map((width) => (
        <div key={width} className={`h-3 rounded bg-sunken ${width}`} />
      ))}
    </div>
  );
}
