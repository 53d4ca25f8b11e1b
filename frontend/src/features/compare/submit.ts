import { type Draft, written } from "@/features/compare/draft";
import { apiPost } from "@/lib/api/client";
import type { Submitted } from "@/lib/api/types";

/** Starts the comparison as a job and answers once the job is safe on disk. */
export function submitComparison({ videoIds, prompts, models }: Draft): Promise<Submitted> {
  const texts = written(prompts);
  const [video_id] = videoIds;
  const [prompt] = texts;
  if (videoIds.length === 1 && texts.length === 1) {
    return apiPost<Submitted>("compare-async", { video_id, prompt, models });
  }
  return apiPost<Submitted>("batch-compare-async", { video_ids: videoIds, prompts: texts, models });
}
