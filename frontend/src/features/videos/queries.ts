import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { apiDelete, apiGet, apiPost, apiUrl } from "@/lib/api/client";
import type { Video, VideoList, VideoUses } from "@/lib/api/types";

export const videoKeys = {
  list: ["videos", "list"] as const,
  uses: ["videos", "uses"] as const,
  video: (id: string) => ["videos", "video", id] as const,
};

export function useVideos() {
  return useQuery({
    queryKey: videoKeys.list,
    queryFn: ({ signal }) => apiGet<VideoList>("videos", signal),
    select: ({ videos }) => videos,
  });
}

/** The videos with these ids; those that were deleted, or are not there yet, are missing. */
export function useVideosById(ids: string[]): Map<string, Video> {
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: videoKeys.video(id),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        apiGet<Video>(`videos/${encodeURIComponent(id)}`, signal),
      staleTime: Number.POSITIVE_INFINITY,
    })),
    combine: (answers) =>
      new Map(answers.flatMap(({ data }) => (data ? [[data.video_id, data] as const] : []))),
  });
}

/** In how many jobs each video is used; undefined until they are counted. */
export function useVideoUses(): Record<string, number> | undefined {
  const { data } = useQuery({
    queryKey: videoKeys.uses,
    queryFn: ({ signal }) => apiGet<VideoUses>("video-uses", signal),
  });
  return data?.jobs;
}

export function useSampleVideo(onReady: (video: Video) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => apiPost<Video>("videos/sample"),
    onSuccess: async (video) => {
      await client.invalidateQueries({ queryKey: videoKeys.list });
      onReady(video);
    },
  });
}

/** Deletes a video; refused while an unfinished job needs it, unless by force. */
export function useDeleteVideo(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (force: boolean) => apiDelete(`videos/${encodeURIComponent(id)}?force=${force}`),
    onSuccess: () => client.invalidateQueries({ queryKey: videoKeys.list }),
  });
}

export function fileUrl(id: string): string {
  return apiUrl(`videos/${encodeURIComponent(id)}/file`);
}

export function posterUrl(id: string): string {
  return apiUrl(`videos/${encodeURIComponent(id)}/poster`);
}

/** Small pictures of the whole video side by side; the first to ask waits until they are made. */
export function filmstripUrl(id: string): string {
  return apiUrl(`video/${encodeURIComponent(id)}/filmstrip`);
}
