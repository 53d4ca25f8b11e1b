import { useCallback } from "react";
import { Loading } from "@/components/ui/loading";
import { ProblemNote } from "@/components/ui/problem-note";
import { FirstVideo } from "@/features/videos/first-video";
import { useVideos, useVideoUses } from "@/features/videos/queries";
import { UploadArea } from "@/features/videos/upload-area";
import { useUploads } from "@/features/videos/use-uploads";
import { VideoCard } from "@/features/videos/video-card";

interface VideoLibraryProps {
  /** Where models are compared on a video. */
  compareHref: (id: string) => string;
  jobHref: (id: string) => string;
}

/** All stored videos, and the uploads under way. */
export function VideoLibrary({ compareHref, jobHref }: VideoLibraryProps) {
  const { data: videos, error, refetch } = useVideos();
  const uses = useVideoUses();
  const nothing = useCallback(() => {}, []);
  const uploading = useUploads(nothing);
  return (
    <div className="flex flex-col gap-4">
      {error && !videos && <ProblemNote error={error} onRetry={refetch} />}
      {videos?.length === 0 && uploading.length === 0 && <FirstVideo onReady={nothing} />}
      <UploadArea uploads={uploading} />
      {!videos && !error && <Loading label="Loading the videos …" rows={2} height="h-56" />}
      {videos && videos.length > 0 && (
        <ul aria-label="Videos" className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {videos.map((video) => (
            <li key={video.video_id} className="flex">
              <VideoCard
                video={video}
                usedIn={uses && (uses[video.video_id] ?? 0)}
                compareHref={compareHref(video.video_id)}
                jobHref={jobHref}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
