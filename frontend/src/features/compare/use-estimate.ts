import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { type Draft, missing, written } from "@/features/compare/draft";
import { readTerms } from "@/features/compare/terms";
import { apiPost } from "@/lib/api/client";
import { offers } from "@/lib/api/offers";
import type { Estimate } from "@/lib/api/types";

/** What the comparison will take; null while unknown, or where the server cannot tell. */
export function useEstimate(draft: Draft): Estimate | null {
  const { videoIds, prompts, models, terms } = useDeferredValue(draft);
  const asked = { video_ids: videoIds, prompts: written(prompts), models, ...readTerms(terms).terms };
  const { data } = useQuery({
    queryKey: ["estimate", asked],
    queryFn: async () => ((await offers("/api/estimate")) ? apiPost<Estimate>("estimate", asked) : null),
    enabled: missing(draft).length === 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return data ?? null;
}
