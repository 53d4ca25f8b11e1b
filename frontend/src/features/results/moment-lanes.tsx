import { type MouseEvent, type PointerEvent, type ReactNode, useState } from "react";
import type { Timestamp } from "@/lib/api/types";
import { count, formatClock } from "@/lib/format";

export interface MomentLane {
  name: string;
  timestamps: readonly Timestamp[];
}

interface MomentLanesProps {
  lanes: readonly MomentLane[];
  /** Length of the video and where it is, in seconds. */
  duration: number;
  time: number;
  onSeek: (seconds: number) => void;
  /** Shows a moment that the mouse is on. */
  preview?: (seconds: number) => ReactNode;
}

/** Where each model looked: the moments that its answer names, below the player. */
export function MomentLanes({ lanes, duration, time, onSeek, preview }: MomentLanesProps) {
  const [under, setUnder] = useState<Under | null>(null);
  return (
    <ul
      aria-label="Moments"
      className="relative flex flex-col gap-1"
      onPointerMove={(event) => setUnder(underPointer(event))}
      onPointerLeave={() => setUnder(null)}
    >
      {preview && under && (
        <li
          aria-hidden
          className="pointer-events-none absolute bottom-full z-20 mb-1 -translate-x-1/2"
          style={{ left: under.left }}
        >
          {preview(under.share * duration)}
        </li>
      )}
      {lanes.map(({ name, timestamps }) => (
        <li key={name} className="flex items-center gap-2">
          <span className="w-24 shrink-0 truncate sm:w-40 text-right text-muted text-xs" title={name}>
            {name}
          </span>
          <button
            type="button"
            aria-label={`${name}: ${count(timestamps.length, "moment", "moments")}, go to the next`}
            disabled={timestamps.length === 0}
            onClick={(event) => onSeek(target(event, timestamps, duration, time))}
            data-track
            className="relative h-6 min-w-0 flex-1 overflow-hidden rounded bg-sunken"
          >
            {timestamps.map(({ seconds, end, text }) => (
              <span
                key={`${seconds} ${text}`}
                title={text}
                className="absolute inset-y-1 min-w-1 rounded-xs border-accent border-l-3 bg-accent/30"
                style={{
                  left: `${(100 * seconds) / duration}%`,
                  width: `${(100 * Math.max(0, (end ?? seconds) - seconds)) / duration}%`,
                }}
              />
            ))}
            <span
              className="absolute inset-y-0 w-px bg-ink"
              style={{ left: `${(100 * Math.min(time, duration)) / duration}%` }}
            />
          </button>
        </li>
      ))}
      <li aria-hidden className="flex justify-between pl-26 text-muted sm:pl-42 text-xs tabular-nums">
        <span>0:00</span>
        <span>{formatClock(duration)}</span>
      </li>
    </ul>
  );
}

/** Where a mouse is: from the left of all lanes in pixels, and which share of the video that is. */
interface Under {
  left: number;
  share: number;
}

function underPointer({ pointerType, clientX, currentTarget }: PointerEvent<HTMLElement>): Under | null {
  const track = currentTarget.querySelector("[data-track]");
  if (pointerType !== "mouse" || !track) return null;
  const { left, width } = track.getBoundingClientRect();
  const share = (clientX - left) / width;
  return share < 0 || share > 1
    ? null
    : { left: clientX - currentTarget.getBoundingClientRect().left, share };
}

/** The moment nearest to where the pointer pressed; from the keyboard, the next one. */
function target(
  { detail, clientX, currentTarget }: MouseEvent<HTMLElement>,
  timestamps: readonly Timestamp[],
  duration: number,
  time: number,
): number {
  const moments = timestamps.map(({ seconds }) => seconds).sort((a, b) => a - b);
  if (detail === 0) return moments.find((moment) => moment > time + 0.05) ?? moments[0] ?? 0;
  const { left, width } = currentTarget.getBoundingClientRect();
  const pressed = ((clientX - left) / width) * duration;
  return moments.reduce((best, moment) =>
    Math.abs(moment - pressed) < Math.abs(best - pressed) ? moment : best,
  );
}
