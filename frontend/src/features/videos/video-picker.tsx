import { useCallback } from "react";
import { Button } from "@/components/ui/button";
import { ProblemNote } from "@/components/ui/problem-note";
import { DropZone } from "@/features/videos/drop-zone";
import { useSampleVideo, useVideos } from "@/features/videos/queries";
import { UploadRow } from "@/features/videos/upload-row";
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
      {videos?.length === 0 && uploading.length === 0 && <FirstVideo onReady={choose} />}
      {videos && videos.length > 0 && (
        <ul
          aria-label="Videos"
          className="-m-1 grid max-h-80 grid-cols-2 gap-3 overflow-y-auto p-1 sm:grid-cols-3"
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
      {uploading.length > 0 && (
        <ul aria-label="Uploads" className="flex flex-col gap-2">
          {uploading.map((upload) => (
            <UploadRow key={upload.id} upload={upload} />
          ))}
        </ul>
      )}
      <DropZone />
    </div>
  );
}

function FirstVideo({ onReady }: { onReady: (video: Video) => void }) {
  const sample = useSampleVideo(onReady);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3 rounded-md bg-accent-soft px-4 py-3">
        <p className="text-sm">
          <span className="font-semibold">No videos yet.</span> Add your own below, or try it with a short one
          made for this.
        </p>
        <Button look="primary" disabled={sample.isPending} onClick={() => sample.mutate()}>
          {sample.isPending ? "Making the sample video …" : "Use the sample video"}
        </Button>
      </div>
      {sample.error && <ProblemNote error={sample.error} />}
    </div>
  );
}
