import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, RotateCw, Trash2, X } from "lucide-react";
import { useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toasts } from "@/components/ui/toasts";
import {
  actOnAll,
  actOnEach,
  type BulkAction,
  type BulkOutcome,
  countReached,
  MEANT,
  reached,
} from "@/features/jobs/bulk";
import { deletion } from "@/features/jobs/deletion";
import { jobKeys } from "@/features/jobs/job-cache";
import type { JobFilter } from "@/features/jobs/job-filter";
import { useCounts } from "@/features/jobs/queries";
import type { Selection } from "@/features/jobs/selection";
import type { JobSummary } from "@/lib/api/types";
import { count } from "@/lib/format";

/** Above this many jobs, an action that destroys asks for the number. */
const FEW = 20;

const ACTIONS = [
  { action: "cancel", word: "Cancel", done: "cancelled", icon: Ban },
  { action: "retry", word: "Retry", done: "retried", icon: RotateCw },
  { action: "delete", word: "Delete", done: "deleted", icon: Trash2 },
] as const;

interface BulkBarProps {
  filter: JobFilter;
  jobs: readonly JobSummary[];
  selection: Selection;
  /** How many jobs match the filter; null where only the server could count them. */
  matching: number | null;
  /** Whether more jobs match than are loaded. */
  more: boolean;
}

/** What may be done with the chosen jobs. */
export function BulkBar({ filter, jobs, selection, matching, more }: BulkBarProps) {
  const [asked, setAsked] = useState<BulkAction | null>(null);
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: ({ action, ids }: { action: BulkAction; ids: string[] | null }) =>
      ids ? actOnEach(action, ids) : actOnAll(action, filter),
    onSuccess: (outcome, { action }) => report(action, outcome),
    onError: (error) => toasts.show(error.message, { tone: "bad" }),
    onSettled: () => client.invalidateQueries({ queryKey: jobKeys.all }),
  });
  const { ids, all } = selection;
  const { data: counts } = useCounts();
  const chosen = useMemo(() => new Set(ids), [ids]);
  const rowsFor = (action: BulkAction) =>
    jobs.filter(({ job_id, status }) => chosen.has(job_id) && MEANT[action].includes(status));
  const numberFor = (action: BulkAction) =>
    all ? countReached(action, filter, counts) : rowsFor(action).length;
  const possible = (action: BulkAction) =>
    numberFor(action) !== 0 && (!all || reached(action, filter).length > 0);

  const start = (action: BulkAction) => {
    const rows = rowsFor(action).map(({ job_id }) => job_id);
    selection.clear();
    if (all) act.mutate({ action, ids: null });
    else if (action === "delete") deletion.delete(rows);
    else act.mutate({ action, ids: rows });
  };
  const press = (action: BulkAction) => {
    if (all || (action !== "retry" && rowsFor(action).length > FEW)) setAsked(action);
    else start(action);
  };
  const number = asked && numberFor(asked);
  return (
    <section
      aria-label="Chosen jobs"
      className="sticky top-14 z-10 flex flex-wrap items-center gap-2 rounded-lg border border-accent bg-accent-soft px-3 py-2 text-sm"
    >
      <p className="mr-auto">
        <strong>
          {all
            ? `All ${matching?.toLocaleString("en-US") ?? ""} matching`
            : ids.length.toLocaleString("en-US")}{" "}
          selected
        </strong>
        {!all && ids.length > 1 && (more || ids.length < jobs.length) && (
          <>
            {" · "}
            <button type="button" className="font-medium text-accent underline" onClick={selection.chooseAll}>
              Select all {matching?.toLocaleString("en-US")} matching
            </button>
          </>
        )}
      </p>
      {ACTIONS.map(({ action, word, icon: Icon }) => (
        <Button key={action} disabled={!possible(action) || act.isPending} onClick={() => press(action)}>
          <Icon aria-hidden className="size-4" />
          {word}
        </Button>
      ))}
      <Button look="quiet" aria-label="Select none" onClick={selection.clear}>
        <X aria-hidden className="size-4" />
      </Button>
      {asked && (
        <ConfirmDialog
          question={`${ACTIONS.find(({ action }) => action === asked)?.word} ${number === null ? "all matching jobs" : count(number, "job", "jobs")}?`}
          action={ACTIONS.find(({ action }) => action === asked)?.word ?? ""}
          typed={asked !== "retry" && number !== null && number > FEW ? number : null}
          onConfirm={() => start(asked)}
          onClose={() => setAsked(null)}
        >
          {EFFECTS[asked]}
        </ConfirmDialog>
      )}
    </section>
  );
}

const EFFECTS: Record<BulkAction, string> = {
  cancel: "Those that wait or run are stopped. What is done is kept.",
  retry: "Those that failed or were cancelled run again. What is done is kept.",
  delete: "Those that have ended are removed from the disk with their results, at once.",
};

function report(action: BulkAction, { done, refused }: BulkOutcome): void {
  const word = ACTIONS.find((each) => each.action === action)?.done ?? "";
  const [first] = refused;
  const text = `${count(done, "job", "jobs")} ${word}`;
  if (first) toasts.show(`${text}; ${refused.length} not: ${first.message}`, { tone: "bad" });
  else toasts.show(text);
}
