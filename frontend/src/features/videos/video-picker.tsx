import { useCallback } from "react";
import { Loading } from "@/components/ui/loading";
import { ProblemNote } from "@/components/ui/problem-note";
import { FirstVideo } from "@/features/videos/first-video";
import { useVideos } from "@/features/videos/queries";
import { UploadArea } from "@/features/videos/upload-area";
import { useUploads } from "@/features/videos/use-uploads";
import { VideoOption } from "@/features/videos/video-option";
import type { Video } from "@/lib/api/types";

interface VideoPickerProps {
  chosen: string[];
  onChange: (change: (chosen: string[]) => string[]) => void;
}

/** Chooses among the stored videos and takes new ones. */
export function VideoPicker({ chosen, onChange }: VideoPickerProps) {
  const { data: videos, error, refetch } = useVideos();
  const choose = useCallback(
    ({ video_id }: Video) => onChange((ids) => [...ids.filter((id) => id !== video_id), video_id]),
    [onChange],
  );
  const uploading = useUploads(choose);
  const toggle = (id: string) =>
    onChange((ids) => (ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]));

  return (
    <div className="flex flex-col gap-3">
      {error && !videos && <ProblemNote error={error} onRetry={refetch} />}
      {!videos && !error && <Loading label="Loading the videos …" rows={1} height="h-36" />}
      {videos?.length === 0 && uploading.length === 0 && <FirstVideo onReady={choose} />}
      {videos && videos.length > 0 && (
        <ul
          aria-label="Videos"
          className="-m-1 grid max-h-[26rem] grid-cols-2 gap-3 overflow-y-auto p-1 sm:grid-cols-3"
        >
          {videos.map((video) => (
            <li key={video.video_id}>
              <VideoOption
                video={video}
                chosen={chosen.includes(video.video_id)}
                onToggle={() => toggle(video.video_id)}
              />
            </li>
          ))}
        </ul>
      )}
      <UploadArea uploads={uploading} />
    </div>
  );
}
