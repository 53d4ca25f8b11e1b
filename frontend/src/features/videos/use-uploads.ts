import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { useVideos, videoKeys } from "@/features/videos/queries";
import { isUnderWay, type Upload, uploads } from "@/features/videos/uploads";
import type { Video } from "@/lib/api/types";

const stored = new Set<string>();

/** The uploads of this tab. */
export function useUploadList(): readonly Upload[] {
  return useSyncExternalStore(uploads.subscribe, uploads.snapshot);
}

/** The videos that are on their way to the server. */
export function useUploading() {
  const underWay = useUploadList().filter(isUnderWay);
  return {
    underWay: underWay.length,
    known: underWay.flatMap(({ uploadId, video }) => video?.video_id ?? uploadId ?? []),
    announce: () => uploads.announce(),
  };
}

/** Ids of all videos there are, those included that were stored a moment ago; undefined while unknown. */
export function useVideoIds(): string[] | undefined {
  const { data: videos } = useVideos();
  const list = useUploadList();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the set grows whenever the list changes
  return useMemo(
    () => videos && [...new Set([...videos.map(({ video_id }) => video_id), ...stored])],
    [videos, list],
  );
}

/** The uploads; each new video is handed to `onStored` once, also if it arrived while another screen was shown. */
export function useUploads(onStored: (video: Video) => void): readonly Upload[] {
  const list = useUploadList();
  const client = useQueryClient();

  useEffect(() => {
    for (const { id, state, video } of list) {
      if (state !== "done" || !video) continue;
      stored.add(video.video_id);
      onStored(video);
      uploads.remove(id);
      void client
        .invalidateQueries({ queryKey: videoKeys.list })
        .finally(() => setTimeout(() => stored.delete(video.video_id)));
    }
  }, [list, client, onStored]);

  return list;
}
