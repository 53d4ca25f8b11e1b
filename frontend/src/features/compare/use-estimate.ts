import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { type Draft, missing, written } from "@/features/compare/draft";
import type { RunOptions } from "@/features/compare/run-options";
import { costTermsOf } from "@/features/compare/submit";
import { apiPost } from "@/lib/api/client";
import type { Estimate } from "@/lib/api/types";

/** What the comparison will take; null while unknown. */
export function useEstimate(draft: Draft, options: RunOptions): Estimate | null {
  const settled = useDeferredValue(draft);
  const terms = costTermsOf(settled, useDeferredValue(options));
  const { videoIds, prompts, models } = settled;
  const asked = { video_ids: videoIds, prompts: written(prompts), models, ...terms };
  const { data } = useQuery({
    queryKey: ["estimate", asked],
    queryFn: () => apiPost<Estimate>("estimate", asked),
    enabled: missing(settled).length === 0,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  return data ?? null;
}
