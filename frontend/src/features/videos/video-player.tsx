import { type RefObject, useState } from "react";
import { Note } from "@/components/ui/note";
import { fileUrl, posterUrl } from "@/features/videos/queries";
import type { Video } from "@/lib/api/types";

interface VideoPlayerProps {
  videoId: string;
  /** Unknown while it loads, or when the video was deleted. */
  video: Video | undefined;
  player: RefObject<HTMLVideoElement | null>;
}

export function VideoPlayer({ videoId, video, player }: VideoPlayerProps) {
  const [broken, setBroken] = useState(false);
  return (
    <div className="flex flex-col gap-2">
      {/* biome-ignore lint/a11y/useMediaCaption: uploaded videos come without captions */}
      <video
        ref={player}
        aria-label={video ? `Player of ${video.name}` : "Player"}
        src={fileUrl(videoId)}
        poster={posterUrl(videoId)}
        controls
        playsInline
        preload="metadata"
        onError={() => setBroken(true)}
        onLoadedMetadata={() => setBroken(false)}
        className="aspect-video w-full rounded-md bg-black max-sm:max-h-[34dvh]"
      />
      {broken && <Note tone="warn">{whyBroken(video)}</Note>}
    </div>
  );
}

/** Shows a moment of the video, given in seconds. */
export function seek(player: HTMLVideoElement | null, seconds: number): void {
  if (!player) return;
  player.currentTime = seconds;
  player.scrollIntoView({ block: "nearest" });
}

function whyBroken(video: Video | undefined): string {
  if (!video) return "This video is not in the library any more. The answers stay.";
  return `This browser cannot play ${video.codec.toUpperCase()}. The models can still read the video.`;
}
