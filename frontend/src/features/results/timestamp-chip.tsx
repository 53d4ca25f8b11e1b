import type { ReactNode } from "react";
import { formatClock } from "@/lib/format";

/** Answers round to seconds, and the last frame starts before the end; in seconds. */
const TOLERANCE = 1;

interface TimestampChipProps {
  seconds: number;
  /** Length of the video in seconds; null while unknown. */
  duration: number | null;
  onSeek: (seconds: number) => void;
  children: ReactNode;
}

/** A timestamp in an answer: seeks the player, or says that the video is not that long. */
export function TimestampChip({ seconds, duration, onSeek, children }: TimestampChipProps) {
  if (duration !== null && seconds > duration + TOLERANCE) {
    return (
      <span className="whitespace-nowrap rounded bg-warn-soft px-1 text-warn">
        <s className="font-mono text-[0.9em]">{children}</s>{" "}
        <span className="text-xs">beyond the end ({formatClock(duration)})</span>
      </span>
    );
  }
  return (
    <button
      type="button"
      aria-label={`Go to ${formatClock(seconds)}`}
      onClick={() => onSeek(seconds)}
      className="whitespace-nowrap rounded bg-accent-soft px-1 font-mono text-[0.9em] text-accent hover:underline"
    >
      {children}
    </button>
  );
}
