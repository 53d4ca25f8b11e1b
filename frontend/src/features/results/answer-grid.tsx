import { useRef } from "react";
import { CellView } from "@/features/results/cell-view";
import { type Comparison, cellName } from "@/features/results/comparison";
import type { Cell } from "@/lib/api/types";

interface AnswerGridProps {
  comparison: Comparison;
  /** Which of the comparison's videos, counted from 0. */
  videoIndex: number;
  cells: Map<string, Cell>;
  awaited: boolean;
  duration: number | null;
  onSeek: (seconds: number) => void;
}

/**
 * The answers for one video: a row for each prompt, a column for each model.
 *
 * The models' names stay in sight while the page scrolls; they live outside the box that scrolls sideways, since
 * inside it they could not stick to the window.
 */
export function AnswerGrid({ comparison, videoIndex, cells, awaited, duration, onSeek }: AnswerGridProps) {
  const { prompts, models } = comparison;
  const names = useRef<HTMLDivElement>(null);
  const columns = { gridTemplateColumns: `repeat(${models.length}, minmax(15rem, 1fr))` };
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
        {prompts.map((prompt, promptIndex) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, and a section would be a landmark
          <div key={cellName(videoIndex, promptIndex, 0)} role="group" aria-label={`Prompt: ${prompt}`}>
            <h3 className="sticky left-0 bg-canvas px-3 py-2 text-muted text-sm">
              {prompts.length > 1 && (
                <span className="mr-1.5 font-semibold text-ink">{promptIndex + 1}.</span>
              )}
              {prompt}
            </h3>
            <div className="grid gap-px border-line border-y max-sm:grid-cols-1!" style={columns}>
              {models.map((model, modelIndex) => (
                <CellView
                  key={model}
                  model={model}
                  cell={cells.get(cellName(videoIndex, promptIndex, modelIndex)) ?? null}
                  awaited={awaited}
                  duration={duration}
                  onSeek={onSeek}
                />
              ))}
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
