import { type ComponentProps, Suspense } from "react";
import { Note } from "@/components/ui/note";
import type { CellDesk } from "@/features/results/cell-desk";
import { price, provenance } from "@/features/results/cell-facts";
import { CellRemarks } from "@/features/results/cell-remarks";
import { CellBadge, stateOf } from "@/features/results/cell-state";
import type { EarlierAnswers } from "@/features/results/earlier-answers";
import { LiveCellView } from "@/features/results/live-cell-view";
import { NoteField } from "@/features/results/note-field";
import { Stars } from "@/features/results/stars";
import type { Cell } from "@/lib/api/types";
import { later } from "@/lib/later";

const Markdown = later(() => import("@/features/results/markdown"));
const WordDiff = later(() => import("@/features/results/word-diff"));

interface SideColumnProps {
  /** The model, or a letter while it is hidden. */
  name: string;
  hidden: boolean;
  cellName: string;
  desk: CellDesk;
  /** The answer to compare with word by word; null to show the answer as it is. */
  baseline: Cell | null;
  /** What an earlier comparison answered, to compare with that instead; null for none. */
  earlier: EarlierAnswers | null;
  duration: number | null;
  onSeek: (seconds: number) => void;
  scroll: Pick<ComponentProps<"section">, "onScroll" | "onPointerEnter" | "onFocus" | "ref">;
  head: React.ReactNode;
}

/** One answer of several, in a box of its own that scrolls. */
export function SideColumn(props: SideColumnProps) {
  const { name, hidden, cellName, desk, earlier, duration, onSeek, scroll, head } = props;
  const cell = desk.cells.get(cellName) ?? null;
  const live = desk.live.get(cellName);
  const state = stateOf(cell, live, desk.awaited);
  const then = cell && earlier?.(cell);
  const old = then ?? props.baseline;
  const rating = desk.ratings[cellName];
  return (
    <article aria-label={`${name}: answer`} className="flex min-w-0 flex-col bg-panel text-sm">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-line border-b bg-sunken px-3 py-1.5">
        {head}
        <span className="ml-auto flex shrink-0 items-center gap-2">
          {cell && !hidden && <span className="text-muted text-xs tabular-nums">{price(cell)}</span>}
          <CellBadge state={state} />
        </span>
      </div>
      <section
        aria-label={`Text of ${name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-[60dvh] min-h-40 flex-1 overflow-y-auto p-3"
        {...scroll}
      >
        {cell?.error && (
          <Note tone="bad">
            {hidden ? "There is no answer." : `${cell.error.message} ${cell.error.what_to_do}`}
          </Note>
        )}
        {cell && !hidden && <CellRemarks cell={cell} />}
        {!cell && live && <LiveCellView model={name} live={live} />}
        {cell?.text && earlier && <EarlierRemark cell={cell} then={then ?? null} hidden={hidden} />}
        {cell?.text && (
          <Suspense fallback={<p className="whitespace-pre-wrap">{cell.text}</p>}>
            {old && old.text !== cell.text ? (
              <WordDiff baseline={old.text} text={cell.text} />
            ) : (
              <Markdown text={cell.text} timestamps={cell.timestamps} duration={duration} onSeek={onSeek} />
            )}
          </Suspense>
        )}
      </section>
      {cell && (
        <div className="flex flex-col gap-2 border-line border-t px-3 py-2">
          {!hidden && <p className="text-muted text-xs tabular-nums">{provenance(cell)}</p>}
          {desk.onRate && (
            <div className="flex flex-wrap items-center gap-2">
              <Stars
                label={`Your rating of ${name}`}
                rating={rating}
                onRate={(next) => desk.onRate?.(cellName, next)}
              />
              <NoteField
                key={cellName}
                label={`Your note on ${name}`}
                note={rating?.note ?? ""}
                onNote={(note) => desk.onRate?.(cellName, { stars: rating?.stars ?? null, note })}
              />
            </div>
          )}
        </div>
      )}
    </article>
  );
}

interface EarlierRemarkProps {
  cell: Cell;
  then: Cell | null;
  hidden: boolean;
}

/** How the answer stands to the one of an earlier comparison. */
function EarlierRemark({ cell, then, hidden }: EarlierRemarkProps) {
  if (!then) return <p className="mb-2 text-muted text-xs">The earlier job has no answer to this.</p>;
  if (then.text === cell.text)
    return <p className="mb-2 text-muted text-xs">The same answer as in the earlier job.</p>;
  const facts = hidden ? "" : price(then);
  return (
    <p className="mb-2 text-muted text-xs">
      <del className="rounded bg-bad-soft text-bad">Only in the earlier answer</del>
      {facts && ` (${facts})`} · <ins className="rounded bg-good-soft text-good">only in this one</ins>
    </p>
  );
}
