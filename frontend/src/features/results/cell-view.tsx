import { RotateCw, X } from "lucide-react";
import { memo, Suspense } from "react";
import { Button } from "@/components/ui/button";
import { Note } from "@/components/ui/note";
import { price, provenance } from "@/features/results/cell-facts";
import { CellRemarks } from "@/features/results/cell-remarks";
import { isIncomplete } from "@/features/results/cell-rows";
import { CELL_LOOKS, CellBadge, stateOf } from "@/features/results/cell-state";
import { LiveCellView } from "@/features/results/live-cell-view";
import { Stars } from "@/features/results/stars";
import type { Cell, CellError, CellState, LiveCell, Rating } from "@/lib/api/types";
import { later } from "@/lib/later";

const Markdown = later(() => import("@/features/results/markdown"));

interface CellViewProps {
  model: string;
  /** The cell's name: "1.2.3". */
  name: string;
  /** Null until the cell has finished. */
  cell: Cell | null;
  live: LiveCell | undefined;
  /** Whether an unfinished cell can still come. */
  awaited: boolean;
  duration: number | null;
  onSeek: (seconds: number) => void;
  rating: Rating | undefined;
  /** Undefined where ratings are not kept. */
  onRate: ((cell: string, rating: Rating) => void) | undefined;
  /** Undefined while the job is at work. */
  onRetry: ((cell: string) => void) | undefined;
  /** Undefined where it cannot be cancelled alone. */
  onCancel: ((cell: string) => void) | undefined;
}

/** What one model said of one video and prompt. */
export const CellView = memo((props: CellViewProps) => {
  const { model, name, cell, live, awaited, duration, onSeek, rating, onRate, onRetry, onCancel } = props;
  const state = stateOf(cell, live, awaited);
  return (
    <article aria-label={`${model}: answer`} className="flex min-w-0 flex-col gap-2 bg-panel p-3 text-sm">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h4 className="mr-auto font-semibold sm:sr-only">{model}</h4>
        <CellBadge state={state} />
        {cell && <span className="text-muted text-xs tabular-nums sm:ml-auto">{price(cell)}</span>}
        {!cell && onCancel && (
          <Button
            look="quiet"
            aria-label={`Cancel ${model}`}
            title="Cancel this cell; the others go on"
            className="-my-1 min-h-7! px-1.5! sm:ml-auto"
            onClick={() => onCancel(name)}
          >
            <X aria-hidden className="size-3.5" />
          </Button>
        )}
      </div>
      {cell && <CellRemarks cell={cell} />}
      {cell?.error && <CellProblem state={cell.state} error={cell.error} />}
      {cell && !cell.text && !cell.error && <p className="text-muted">{CELL_LOOKS[state].description}.</p>}
      {cell && isIncomplete(cell) && onRetry && (
        <Button className="self-start" onClick={() => onRetry(cell.cell)}>
          <RotateCw aria-hidden className="size-4" />
          Retry this cell
        </Button>
      )}
      {cell?.text && (
        <Suspense fallback={<p className="whitespace-pre-wrap">{cell.text}</p>}>
          <Markdown text={cell.text} timestamps={cell.timestamps} duration={duration} onSeek={onSeek} />
        </Suspense>
      )}
      {!cell && live && <LiveCellView model={model} live={live} />}
      {state === "waiting" && <Placeholder />}
      {cell && (
        <div className="mt-auto flex flex-col gap-0.5 pt-1">
          <p className="text-muted text-xs tabular-nums">{provenance(cell)}</p>
          {cell.text && onRate && (
            <Stars
              label={`Your rating of ${model}`}
              rating={rating}
              onRate={(next) => onRate(cell.cell, next)}
            />
          )}
        </div>
      )}
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
