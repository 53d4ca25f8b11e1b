import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { Link } from "wouter";
import type { CellDesk } from "@/features/results/cell-desk";
import { type CellRow, timeOf } from "@/features/results/cell-rows";
import { cellName } from "@/features/results/comparison";
import { MatrixCell } from "@/features/results/matrix-cell";

/** About how high the question and each answer are before they are measured, in pixels. */
const HEIGHT = { question: 64, answer: 68 };

interface CellListProps {
  desk: CellDesk;
  rows: readonly CellRow[];
  videoNames: readonly string[];
  viewHref: (row: CellRow) => string;
}

/** Every answer in short where there is no room for columns: question by question. */
export function CellList({ desk, rows, videoNames, viewHref }: CellListProps) {
  const { prompts, models } = desk.comparison;
  const box = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => HEIGHT.question + HEIGHT.answer * models.length,
    overscan: 2,
  });
  return (
    <section
      ref={box}
      aria-label="Matrix"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-[75dvh] overflow-y-auto rounded-lg border border-line bg-panel"
    >
      <ol className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <li
              key={row.name}
              ref={virtual.measureElement}
              data-index={index}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)` }}
            >
              <div className="border-line border-y bg-sunken px-3 py-2 text-sm">
                <Link href={viewHref(row)} className="line-clamp-2 text-accent">
                  {prompts[row.promptIndex]}
                </Link>
                <span className="block truncate text-muted text-xs">
                  {[timeOf(row, desk.comparison), videoNames[row.videoIndex]].filter(Boolean).join(" · ")}
                </span>
              </div>
              <ul className="divide-y divide-line">
                {models.map((model, modelIndex) => {
                  const name = cellName(row, modelIndex);
                  return (
                    <li key={model} className="px-3 py-2 text-xs">
                      <p className="truncate font-medium">{model}</p>
                      <MatrixCell
                        cell={row.cells[modelIndex] ?? null}
                        live={desk.live.get(name)}
                        awaited={desk.awaited}
                        stars={desk.ratings[name]?.stars ?? null}
                        onRetry={desk.onRetry && (() => desk.onRetry?.(name))}
                      />
                    </li>
                  );
                })}
              </ul>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
