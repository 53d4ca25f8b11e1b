import { useState } from "react";
import { filmstripUrl } from "@/features/videos/queries";
import type { Video } from "@/lib/api/types";
import { formatClock } from "@/lib/format";

/** So many pictures make up a filmstrip, each of an equal stretch. */
const PICTURES = 24;
/** The longer side, in pixels. */
const LONGEST = 144;

/** What is to be seen at a moment of a video; nothing until the pictures are there, or where there are none. */
export function Thumbnail({ video, seconds }: { video: Video; seconds: number }) {
  const [ready, setReady] = useState(false);
  const { video_id, width, height, duration } = video;
  const scale = LONGEST / Math.max(width, height);
  const number = Math.min(PICTURES - 1, Math.max(0, Math.floor((seconds / duration) * PICTURES)));
  return (
    <span
      className={`block rounded-md border border-line bg-panel p-1 shadow-lg ${ready ? "" : "invisible"}`}
    >
      <span
        className="block overflow-hidden rounded-sm"
        style={{ width: Math.round(width * scale), height: Math.round(height * scale) }}
      >
        <img
          src={filmstripUrl(video_id)}
          alt=""
          data-picture={number}
          onLoad={() => setReady(true)}
          className="h-full max-w-none"
          style={{ width: `${100 * PICTURES}%`, transform: `translateX(${(-100 * number) / PICTURES}%)` }}
        />
      </span>
      <span className="block pt-0.5 text-center text-xs tabular-nums">
        {formatClock(Math.floor(seconds))}
      </span>
    </span>
  );
}
