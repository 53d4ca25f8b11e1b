import { Columns2 } from "lucide-react";
import { useRef } from "react";
import { Link } from "wouter";
import type { CellDesk } from "@/features/results/cell-desk";
import { type CellRow, timeOf } from "@/features/results/cell-rows";
import { CellView } from "@/features/results/cell-view";
import { cellName } from "@/features/results/comparison";

interface AnswerGridProps {
  desk: CellDesk;
  /** Those of one video. */
  rows: readonly CellRow[];
  duration: number | null;
  onSeek: (seconds: number) => void;
  /** Where the answers of a row are shown side by side. */
  viewHref: (row: CellRow) => string;
}

/**
 * The answers for one video: a row for each prompt, a column for each model.
 *
 * The models' names stay in sight while the page scrolls; they live outside the box that scrolls sideways, since
 * inside it they could not stick to the window.
 */
export function AnswerGrid({ desk, rows, duration, onSeek, viewHref }: AnswerGridProps) {
  const { prompts, models } = desk.comparison;
  const names = useRef<HTMLDivElement>(null);
  const time = (row: CellRow) => {
    const text = timeOf(row, desk.comparison);
    return text && <span className="ml-2 whitespace-nowrap rounded-full bg-sunken px-2 text-xs">{text}</span>;
  };
  const columns = { gridTemplateColumns: `repeat(${models.length}, minmax(13.5rem, 1fr))` };
  return (
    <div className="min-w-0 rounded-lg border border-line bg-line">
      <div
        ref={names}
        aria-hidden
        className="sticky top-14 z-10 hidden overflow-hidden rounded-t-lg border-line border-b bg-line sm:block"
      >
        <div className="grid gap-px" style={columns}>
          {models.map((model) => (
            <div key={model} className="truncate bg-sunken px-3 py-2 font-semibold text-sm">
              {model}
            </div>
          ))}
        </div>
      </div>
      <div
        className="overflow-x-auto rounded-b-lg max-sm:rounded-t-lg"
        onScroll={({ currentTarget }) => {
          if (names.current) names.current.scrollLeft = currentTarget.scrollLeft;
        }}
      >
        {rows.map((row) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, and a section would be a landmark
          <div key={row.name} role="group" aria-label={`Prompt: ${prompts[row.promptIndex]}`}>
            <h3 className="sticky left-0 flex items-start gap-3 bg-canvas px-3 py-2 text-muted text-sm">
              <span className="min-w-0 flex-1">
                {prompts.length > 1 && (
                  <span className="mr-1.5 font-semibold text-ink">{row.promptIndex + 1}.</span>
                )}
                {prompts[row.promptIndex]}
                {time(row)}
              </span>
              <Link
                href={viewHref(row)}
                className="inline-flex shrink-0 items-center gap-1 text-accent underline"
              >
                <Columns2 aria-hidden className="size-4" />
                Side by side
              </Link>
            </h3>
            <div className="grid gap-px border-line border-y max-sm:grid-cols-1!" style={columns}>
              {models.map((model, modelIndex) => (
                <CellView
                  key={model}
                  model={model}
                  name={cellName(row, modelIndex)}
                  cell={row.cells[modelIndex] ?? null}
                  live={desk.live.get(cellName(row, modelIndex))}
                  awaited={desk.awaited}
                  duration={duration}
                  onSeek={onSeek}
                  rating={desk.ratings[cellName(row, modelIndex)]}
                  onRate={desk.onRate}
                  onRetry={desk.onRetry}
                  onCancel={desk.onCancel}
                />
              ))}
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
