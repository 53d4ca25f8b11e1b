import { useMutation } from "@tanstack/react-query";
import { type Draft, missing } from "@/features/compare/draft";
import type { RunOptions } from "@/features/compare/run-options";
import { submitComparison } from "@/features/compare/submit";
import type { Submitted } from "@/lib/api/types";

/** The videos that are on their way to the server: the comparison is about them too. */
export interface Uploading {
  underWay: number;
  /** Ids of those of them that the server knows already. */
  known: string[];
  /** Makes the server know them all; their ids. */
  announce: () => Promise<string[]>;
}

/** Submits the comparison; its job waits for the videos that are being uploaded. */
export function useRun(
  draft: Draft,
  options: RunOptions,
  uploading: Uploading,
  onSubmitted: (submitted: Submitted) => void,
) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () =>
      submitComparison(about(draft, uploading.underWay > 0 ? await uploading.announce() : []), options),
    onSuccess: onSubmitted,
  });
  const todo = missing(draft).filter((part) => !(uploading.underWay > 0 && part === "a video"));
  const ready = todo.length === 0 && !isPending;
  return { run: () => ready && mutate(), ready, todo, isPending, error };
}

/** The draft with further videos. */
export function about(draft: Draft, videoIds: string[]): Draft {
  return { ...draft, videoIds: [...new Set([...draft.videoIds, ...videoIds])] };
}
