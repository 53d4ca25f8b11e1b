import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { videoKeys } from "@/features/videos/queries";
import { isUnderWay, type Upload, uploads } from "@/features/videos/uploads";
import type { Video } from "@/lib/api/types";

/** How many videos are on their way to the server. */
export function useUploadsUnderWay(): number {
  return useSyncExternalStore(uploads.subscribe, uploads.snapshot).filter(isUnderWay).length;
}

/** The uploads; each new video is handed to `onStored` once, also if it arrived while another screen was shown. */
export function useUploads(onStored: (video: Video) => void): readonly Upload[] {
  const list = useSyncExternalStore(uploads.subscribe, uploads.snapshot);
  const client = useQueryClient();

  useEffect(() => {
    for (const { id, state, video } of list) {
      if (state !== "done" || !video) continue;
      uploads.remove(id);
      onStored(video);
      void client.invalidateQueries({ queryKey: videoKeys.list });
    }
  }, [list, client, onStored]);

  const underWay = list.some(isUnderWay);
  useEffect(() => {
    if (!underWay) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [underWay]);

  return list;
}
