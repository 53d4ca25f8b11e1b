import { VideoLibrary } from "@/features/videos/video-library";
import { useTitle } from "@/lib/use-title";

/** The Videos screen. */
export default function VideosPage() {
  useTitle("Videos");
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-4">
      <h1 className="font-semibold text-xl">Videos</h1>
      <VideoLibrary compareHref={(id) => `/?video=${id}`} jobHref={(id) => `/jobs/${id}`} />
    </div>
  );
}
