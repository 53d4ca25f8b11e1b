import type { Tone } from "@/components/ui/tone";
import type { Cell, CellState, LiveCell } from "@/lib/api/types";
import { formatSeconds } from "@/lib/format";

interface CellSpan {
  lane: string;
  says: string;
  from: number;
  to: number;
  tone: Tone;
}

const TONES: Record<CellState, Tone> = {
  completed: "good",
  failed: "bad",
  blocked: "warn",
  cut_off: "warn",
  empty: "warn",
  cancelled: "quiet",
};

/** Shorter stretches cannot be seen; in seconds. */
const SEEN = 0.1;

/** When a cell waited for its turn, was uploaded, and was answered, for a timeline; nothing if not measured. */
export function spansOf(cell: Cell, finishedAt: string): CellSpan[] {
  const { queued, upload, total } = cell.timings;
  if (total === null) return [];
  const to = Date.parse(finishedAt);
  const from = to - 1_000 * total;
  const asked = from + 1_000 * Math.min(upload ?? 0, total);
  const again = (cell.attempts ?? 1) > 1 ? `, asked ${cell.attempts} times` : "";
  const stretch = (says: string, start: number, end: number, tone: Tone): CellSpan[] =>
    end - start < 1_000 * SEEN
      ? []
      : [
          {
            lane: cell.model,
            says: `Cell ${cell.cell}: ${says} ${formatSeconds((end - start) / 1_000)}`,
            from: start,
            to: end,
            tone,
          },
        ];
  return [
    ...stretch("waited", from - 1_000 * (queued ?? 0), from, "quiet"),
    ...stretch("upload took", from, asked, "busy"),
    {
      lane: cell.model,
      says: `Cell ${cell.cell}: ${cell.state.replace("_", " ")} after ${formatSeconds(total)}${again}`,
      from: to - asked < 1_000 * SEEN ? from : asked,
      to,
      tone: TONES[cell.state],
    },
  ];
}

/** The cells that are being asked: from when their turn came, to now. */
export function spansOfLive(cells: ReadonlyMap<string, LiveCell>) {
  return [...cells].flatMap(([name, { model, started_at, waiting }]) => {
    if (!model || !started_at) return [];
    const says = `Cell ${name}: ${waiting === undefined ? "being asked" : "waiting to be asked again"}`;
    const tone: Tone = waiting === undefined ? "busy" : "warn";
    return [{ lane: model, says, from: Date.parse(started_at), to: null, tone }];
  });
}
