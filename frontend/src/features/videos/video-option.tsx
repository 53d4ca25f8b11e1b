import { Poster } from "@/features/videos/poster";
import type { Video } from "@/lib/api/types";
import { formatBytes, formatClock } from "@/lib/format";

interface VideoOptionProps {
  video: Video;
  chosen: boolean;
  onToggle: () => void;
}

export function VideoOption({ video, chosen, onToggle }: VideoOptionProps) {
  return (
    <label className="group relative block cursor-pointer overflow-hidden rounded-md border border-line bg-panel has-checked:border-accent has-checked:ring-1 has-checked:ring-accent has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2">
      <Poster id={video.video_id} />
      {video.duration !== null && (
        <span className="absolute top-1.5 right-1.5 rounded bg-black/75 px-1 text-white text-xs tabular-nums">
          {formatClock(Math.round(video.duration))}
        </span>
      )}
      <span className="flex items-start gap-2 p-2">
        <input
          type="checkbox"
          aria-label={video.name}
          checked={chosen}
          onChange={onToggle}
          className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
        />
        <span className="min-w-0">
          <span className="line-clamp-2 wrap-anywhere font-medium text-sm" title={video.name}>
            {video.name}
          </span>
          <span className="block truncate text-muted text-xs">
            {video.width}×{video.height} · {formatBytes(video.size)}
          </span>
        </span>
      </span>
    </label>
  );
}
