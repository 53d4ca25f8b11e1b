import { type MomentLane, MomentLanes } from "@/features/results/moment-lanes";
import { Thumbnail } from "@/features/videos/thumbnail";
import { type PlayerControls, usePlayerTime } from "@/features/videos/use-player";
import { VideoPlayer } from "@/features/videos/video-player";
import type { Video } from "@/lib/api/types";

interface PlayerPanelProps {
  videoId: string;
  video: Video | undefined;
  player: PlayerControls;
  prompt: string;
  lanes: readonly MomentLane[];
}

/** The one player of a side-by-side screen, what was asked, and where each answer points. */
export function PlayerPanel({ videoId, video, player, prompt, lanes }: PlayerPanelProps) {
  const time = usePlayerTime(player.ref);
  const duration = video?.duration ?? null;
  return (
    <div className="flex flex-col gap-3 md:flex-row md:gap-5">
      <div className="-mx-4 bg-canvas px-4 max-sm:sticky max-sm:top-14 max-sm:z-10 max-sm:py-2 sm:mx-0 sm:px-0 md:w-[26rem] md:shrink-0">
        <VideoPlayer videoId={videoId} video={video} player={player.ref} />
      </div>
      <div className="flex min-w-0 flex-1 flex-col gap-3">
        <div>
          <h2 className="truncate text-muted text-sm">{video?.name ?? videoId}</h2>
          <h3 className="line-clamp-4 font-medium">{prompt}</h3>
        </div>
        {duration !== null && duration > 0 && (
          <MomentLanes
            lanes={lanes}
            duration={duration}
            time={time}
            onSeek={player.seek}
            preview={(seconds) => video && <Thumbnail video={video} seconds={seconds} />}
          />
        )}
      </div>
    </div>
  );
}
