import { type Draft, written } from "@/features/compare/draft";
import { AT_ONCE, type RunOptions } from "@/features/compare/run-options";
import { apiPost } from "@/lib/api/client";
import type { Submitted } from "@/lib/api/types";

/** Starts the comparison as a job and answers once the job is safe on disk. */
export function submitComparison(
  { videoIds, prompts, models }: Draft,
  options = AT_ONCE,
): Promise<Submitted> {
  const texts = written(prompts);
  const [video_id] = videoIds;
  const [prompt] = texts;
  const when = sent(options);
  if (videoIds.length === 1 && texts.length === 1) {
    return apiPost<Submitted>("compare-async", { video_id, prompt, models, ...when });
  }
  return apiPost<Submitted>("batch-compare-async", { video_ids: videoIds, prompts: texts, models, ...when });
}

/** Only what differs from the usual. */
function sent({ priority, runAt }: RunOptions) {
  return {
    ...(priority === AT_ONCE.priority ? {} : { priority }),
    ...(runAt ? { run_at: new Date(runAt).toISOString() } : {}),
  };
}
