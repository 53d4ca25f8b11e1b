import { type Draft, written } from "@/features/compare/draft";
import { AT_ONCE, type RunOptions, tagsOf } from "@/features/compare/run-options";
import { readTerms } from "@/features/compare/terms";
import { apiPost, apiUrl } from "@/lib/api/client";
import type { Submitted } from "@/lib/api/types";

interface Request {
  path: string;
  body: Record<string, unknown>;
}

/** Starts the comparison as a job and answers once the job is safe on disk. */
export function submitComparison(draft: Draft, options = AT_ONCE): Promise<Submitted> {
  const { path, body } = requestOf(draft, options);
  return apiPost<Submitted>(path, body);
}

/** The same as a command for a terminal. */
export function curlOf(draft: Draft, options: RunOptions): string {
  const { path, body } = requestOf(draft, options);
  const data = JSON.stringify(body).replaceAll("'", String.raw`'\''`);
  return `curl --json '${data}' '${apiUrl(path)}'`;
}

/** Only what differs from the usual is said. */
function requestOf(draft: Draft, options: RunOptions): Request {
  const { videoIds, models } = draft;
  const prompts = written(draft.prompts);
  const body = { models, ...costTermsOf(draft, options), ...jobTermsOf(options) };
  const [video_id] = videoIds;
  const [prompt] = prompts;
  return videoIds.length === 1 && prompts.length === 1
    ? { path: "compare-async", body: { video_id, prompt, ...body } }
    : { path: "batch-compare-async", body: { video_ids: videoIds, prompts, ...body } };
}

/** How the cells are asked, as far as it matters for what they cost. */
export function costTermsOf({ terms }: Draft, { budget, fresh }: RunOptions) {
  return {
    ...readTerms(terms).terms,
    ...(budget.trim() ? { budget_usd: Number(budget) } : {}),
    ...(fresh ? { fresh } : {}),
  };
}

function jobTermsOf({ priority, runAt, title, tags }: RunOptions) {
  return {
    ...(priority === AT_ONCE.priority ? {} : { priority }),
    ...(runAt ? { run_at: new Date(runAt).toISOString() } : {}),
    ...(title.trim() ? { title: title.trim() } : {}),
    ...(tagsOf(tags).length > 0 ? { tags: tagsOf(tags) } : {}),
  };
}
