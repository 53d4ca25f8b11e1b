import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { Link } from "wouter";
import type { CellDesk } from "@/features/results/cell-desk";
import { type CellRow, timeOf } from "@/features/results/cell-rows";
import { cellName } from "@/features/results/comparison";
import { MatrixCell } from "@/features/results/matrix-cell";

/** Every row has this height, in pixels: room for a state and two lines. */
const ROW = 88;

interface CellMatrixProps {
  desk: CellDesk;
  rows: readonly CellRow[];
  videoNames: readonly string[];
  viewHref: (row: CellRow) => string;
}

/** Every answer in short: hundreds of cells in one box, with models above and questions at the left in sight. */
export function CellMatrix({ desk, rows, videoNames, viewHref }: CellMatrixProps) {
  const { prompts, models } = desk.comparison;
  const box = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 4,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <section
      ref={box}
      aria-label="Matrix"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-[80dvh] overflow-auto rounded-lg border border-line bg-panel"
    >
      <table
        aria-rowcount={rows.length + 1}
        className="w-full table-fixed border-separate border-spacing-0"
        style={{ minWidth: `${10 + 12 * models.length}rem` }}
      >
        <thead className="sticky top-0 z-20">
          <tr>
            <th
              scope="col"
              className="sticky left-0 z-10 w-40 border-line border-r border-b bg-sunken px-3 py-2 text-left font-normal text-muted text-sm sm:w-60"
            >
              Prompt
            </th>
            {models.map((model) => (
              <th
                key={model}
                scope="col"
                title={model}
                className="truncate border-line border-r border-b bg-sunken px-3 py-2 text-left font-semibold text-sm"
              >
                {model}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr aria-hidden style={{ height: above }} />
          {items.map(({ index }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <tr key={row.name} aria-rowindex={index + 2} style={{ height: ROW }}>
                <th
                  scope="row"
                  className="sticky left-0 z-10 border-line border-r border-b bg-panel px-3 py-2 text-left align-top font-normal text-sm"
                >
                  <Link
                    href={viewHref(row)}
                    title={prompts[row.promptIndex]}
                    className="line-clamp-2 text-accent hover:underline"
                  >
                    {prompts[row.promptIndex]}
                  </Link>
                  <span className="block truncate text-muted text-xs">
                    {[timeOf(row, desk.comparison), videoNames[row.videoIndex]].filter(Boolean).join(" · ")}
                  </span>
                </th>
                {models.map((model, modelIndex) => {
                  const name = cellName(row, modelIndex);
                  return (
                    <td key={model} className="border-line border-r border-b px-3 py-2 align-top text-xs">
                      <MatrixCell
                        cell={row.cells[modelIndex] ?? null}
                        live={desk.live.get(name)}
                        awaited={desk.awaited}
                        stars={desk.ratings[name]?.stars ?? null}
                        onRetry={desk.onRetry && (() => desk.onRetry?.(name))}
                      />
                    </td>
                  );
                })}
              </tr>
            );
          })}
          <tr aria-hidden style={{ height: below }} />
        </tbody>
      </table>
    </section>
  );
}
