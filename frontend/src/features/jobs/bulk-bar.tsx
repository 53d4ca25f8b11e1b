import { Ban, ListOrdered, RotateCw, Trash2, X } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { Button } from "@/components/ui/button";
import { type BulkAction, type Chosen, countReached, MEANT, reached } from "@/features/jobs/bulk";
import { BulkConfirm, FEW } from "@/features/jobs/bulk-confirm";
import type { JobFilter } from "@/features/jobs/job-filter";
import { PriorityDialog } from "@/features/jobs/priority-dialog";
import { useCounts } from "@/features/jobs/queries";
import type { Selection } from "@/features/jobs/selection";
import { useBulk } from "@/features/jobs/use-bulk";
import type { JobSummary } from "@/lib/api/types";

const ACTIONS = [
  { action: "cancel", word: "Cancel", icon: Ban },
  { action: "retry", word: "Retry", icon: RotateCw },
  { action: "delete", word: "Delete", icon: Trash2 },
  { action: "edit", word: "Priority", icon: ListOrdered },
] as const;

interface BulkBarProps {
  filter: JobFilter;
  jobs: readonly JobSummary[];
  selection: Selection;
  /** How many jobs match the filter; null where only the server could count them. */
  matching: number | null;
  /** Whether more jobs match than are loaded. */
  more: boolean;
  /** What else may be done with the chosen jobs. */
  extras?: ((chosen: Chosen) => ReactNode) | undefined;
}

/** What may be done with the chosen jobs. */
export function BulkBar({ filter, jobs, selection, matching, more, extras }: BulkBarProps) {
  const { ids, all } = selection;
  const { data: counts } = useCounts();
  const bulk = useBulk(filter, selection.clear);
  const chosen = useMemo(() => new Set(ids), [ids]);
  const rowsFor = (action: BulkAction) =>
    jobs.filter(({ job_id, status }) => chosen.has(job_id) && MEANT[action].includes(status));
  const possible = (action: BulkAction) =>
    all
      ? countReached(action, filter, counts) !== 0 && reached(action, filter).length > 0
      : rowsFor(action).length > 0;

  const press = (action: BulkAction) => {
    if (all) bulk.askAboutAll(action);
    else if (action === "edit" || (action !== "retry" && rowsFor(action).length > FEW))
      bulk.askAbout(action, rowsFor(action));
    else bulk.start({ action, rows: rowsFor(action) });
  };
  const { asked } = bulk;
  return (
    <section
      aria-label="Chosen jobs"
      className="sticky top-14 z-10 flex flex-wrap items-center gap-2 rounded-lg border border-accent bg-accent-soft px-3 py-2 text-sm"
    >
      <p className="mr-auto max-sm:flex-1">
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
      <Button look="quiet" aria-label="Select none" className="sm:order-last" onClick={selection.clear}>
        <X aria-hidden className="size-4" />
      </Button>
      <div className="flex flex-wrap gap-2 max-sm:basis-full">
        {ACTIONS.map(({ action, word, icon: Icon }) => (
          <Button key={action} disabled={!possible(action) || bulk.isBusy} onClick={() => press(action)}>
            <Icon aria-hidden className="size-4" />
            {word}
          </Button>
        ))}
        {extras?.({ filter, ids: all ? null : ids })}
      </div>
      {asked?.action === "edit" && (
        <PriorityDialog
          number={asked.number}
          onSet={(priority) => bulk.start({ ...asked, changes: { priority } })}
          onClose={bulk.close}
        />
      )}
      {asked && asked.action !== "edit" && (
        <BulkConfirm
          action={asked.action}
          number={asked.number}
          onConfirm={() => bulk.start(asked)}
          onClose={bulk.close}
        />
      )}
    </section>
  );
}
