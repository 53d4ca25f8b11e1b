import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type Draft, missing } from "@/features/compare/draft";
import type { RunOptions } from "@/features/compare/run-options";
import { submitComparison } from "@/features/compare/submit";
import type { Submitted } from "@/lib/api/types";

/** The videos that are on their way and those that did not make it. */
export interface Uploading {
  underWay: number;
  failed: number;
}

/** Submits the comparison: at once, or as soon as the videos that are being uploaded have arrived. */
export function useRun(
  draft: Draft,
  options: RunOptions,
  uploading: Uploading,
  onSubmitted: (submitted: Submitted) => void,
) {
  const [armed, setArmed] = useState(false);
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ draft, options }: { draft: Draft; options: RunOptions }) =>
      submitComparison(draft, options),
    onSuccess: onSubmitted,
  });
  const coming = uploading.underWay > 0;
  const todo = missing(draft).filter((part) => !(coming && part === "a video"));
  const ready = todo.length === 0 && !isPending && !armed;
  useEffect(() => {
    if (!armed || coming) return;
    setArmed(false);
    if (uploading.failed === 0 && missing(draft).length === 0) mutate({ draft, options });
  }, [armed, coming, uploading.failed, draft, options, mutate]);
  const run = () => {
    if (!ready) return;
    if (coming) setArmed(true);
    else mutate({ draft, options });
  };
  return { run, ready, todo, armed, disarm: () => setArmed(false), isPending, error };
}
