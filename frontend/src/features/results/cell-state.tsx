import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleX,
  Clock,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  Scissors,
  ShieldAlert,
} from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { Tone } from "@/components/ui/tone";
import type { Cell, CellState, LiveCell } from "@/lib/api/types";

/** waiting: for its turn; asking: the model is at it; held: until the provider takes it; unasked: the job ended before it came to this cell. */
export type ShownState = CellState | "waiting" | "asking" | "held" | "unasked";

interface StateLook {
  word: string;
  description: string;
  icon: LucideIcon;
  tone: Tone;
}

/** All that the eye sees of a cell's state. */
export const CELL_LOOKS: Record<ShownState, StateLook> = {
  waiting: { word: "Waiting", description: "Not answered yet", icon: Clock, tone: "quiet" },
  asking: { word: "Asking", description: "The model is at it", icon: LoaderCircle, tone: "busy" },
  held: { word: "On hold", description: "Goes on by itself", icon: Hourglass, tone: "warn" },
  unasked: { word: "Not asked", description: "The job ended before it", icon: CircleDashed, tone: "quiet" },
  completed: { word: "Completed", description: "Answered", icon: CircleCheck, tone: "good" },
  failed: { word: "Failed", description: "No answer", icon: CircleX, tone: "bad" },
  blocked: {
    word: "Blocked",
    description: "The provider refused to answer",
    icon: ShieldAlert,
    tone: "warn",
  },
  cut_off: { word: "Cut off", description: "The answer ends early", icon: Scissors, tone: "warn" },
  empty: { word: "Empty", description: "The model answered with nothing", icon: CircleDashed, tone: "warn" },
  cancelled: { word: "Cancelled", description: "Stopped on request", icon: Ban, tone: "quiet" },
};

/** What is to be shown of a cell, finished or not. */
export function stateOf(cell: Cell | null, live: LiveCell | undefined, awaited: boolean): ShownState {
  if (cell) return cell.state;
  if (live) return live.waiting ? "held" : "asking";
  return awaited ? "waiting" : "unasked";
}

export function CellBadge({ state }: { state: ShownState }) {
  const { icon, word, tone, description } = CELL_LOOKS[state];
  return <Badge icon={icon} word={word} tone={tone} title={description} spinning={state === "asking"} />;
}
