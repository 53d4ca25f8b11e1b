import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { countCells, type Draft, written } from "@/features/compare/draft";
import { apiPost } from "@/lib/api/client";
import { offers } from "@/lib/api/offers";
import type { Estimate } from "@/lib/api/types";

/** What the comparison will take; null while unknown, or where the server cannot tell. */
export function useEstimate(draft: Draft): Estimate | null {
  const { videoIds, prompts, models } = useDeferredValue(draft);
  const asked = { video_ids: videoIds, prompts: written(prompts), models };
  const { data } = useQuery({
    queryKey: ["estimate", asked],
    queryFn: async () => ((await offers("/api/estimate")) ? apiPost<Estimate>("estimate", asked) : null),
    enabled: countCells(draft) > 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return data ?? null;
}
