import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toasts } from "@/components/ui/toasts";
import {
  actOnAll,
  actOnEach,
  type BulkAction,
  type BulkOutcome,
  countAll,
  restorePriorities,
} from "@/features/jobs/bulk";
import { deletion, REGRET } from "@/features/jobs/deletion";
import { jobKeys } from "@/features/jobs/job-cache";
import type { JobFilter } from "@/features/jobs/job-filter";
import type { JobChanges, JobSummary } from "@/lib/api/types";
import { count } from "@/lib/format";

const DONE: Record<BulkAction, string> = {
  cancel: "cancelled",
  retry: "retried",
  delete: "deleted",
  edit: "given another priority",
};

interface Act {
  action: BulkAction;
  /** These, or null for all that match. */
  rows: readonly JobSummary[] | null;
  changes?: JobChanges;
}

/** What a person is asked to confirm. */
interface Asked extends Act {
  number: number;
}

/** Does things with many jobs of a filter: counts, asks, acts, tells what came of it. */
export function useBulk(filter: JobFilter, onStart: () => void) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  const onError = (error: Error) => toasts.show(error.message, { tone: "bad" });
  const onSettled = () => client.invalidateQueries({ queryKey: jobKeys.all });
  const act = useMutation({
    mutationFn: ({ action, rows, changes }: Act) =>
      rows ? actOnEach(action, idsOf(rows), changes) : actOnAll(action, filter, changes),
    onSuccess: (outcome, { action, rows }) => report(action, outcome, action === "edit" ? rows : null),
    onError,
    onSettled,
  });
  const restore = useMutation({
    mutationFn: restorePriorities,
    onSuccess: (outcome) => report("edit", outcome, null),
    onError,
    onSettled,
  });
  const counting = useMutation({
    mutationFn: (action: BulkAction) => countAll(action, filter),
    onSuccess: (number, action) => {
      if (number > 0) setAsked({ action, rows: null, number });
      else toasts.show("None of the matching jobs is in a state for that");
    },
    onError,
  });

  const report = (
    action: BulkAction,
    { done, refused }: BulkOutcome,
    before: readonly JobSummary[] | null,
  ) => {
    const [first] = refused;
    const text = `${count(done, "job", "jobs")} ${DONE[action]}`;
    if (first) toasts.show(`${text}; ${refused.length} not: ${first.message}`, { tone: "bad" });
    else if (!before) toasts.show(text);
    else {
      const undo = () => {
        close();
        restore.mutate(before);
      };
      const close = toasts.show(text, { lasts: REGRET, action: { word: "Undo", run: undo } });
    }
  };

  return {
    asked,
    isBusy: act.isPending || restore.isPending || counting.isPending,
    close: () => setAsked(null),
    askAbout: (action: BulkAction, rows: readonly JobSummary[]) =>
      setAsked({ action, rows, number: rows.length }),
    askAboutAll: (action: BulkAction) => counting.mutate(action),
    start: (wanted: Act) => {
      onStart();
      if (wanted.action === "delete" && wanted.rows) deletion.delete(idsOf(wanted.rows));
      else act.mutate(wanted);
    },
  };
}

function idsOf(jobs: readonly JobSummary[]): string[] {
  return jobs.map(({ job_id }) => job_id);
}
