import { Link } from "wouter";
import { Note } from "@/components/ui/note";
import { OPTION_WORDS } from "@/features/results/asked-with";
import type { Cell } from "@/lib/api/types";
import { formatCost, listed } from "@/lib/format";

/** What a reader must know before comparing this answer with others. */
export function CellRemarks({ cell }: { cell: Cell }) {
  const ignored = cell.input?.ignored ?? [];
  return (
    <>
      {cell.rerouted && (
        <Note tone="warn">Another model answered than the one asked for: {cell.answered_by}.</Note>
      )}
      {cell.schema_error && <Note tone="warn">Not as the schema asks: {cell.schema_error}</Note>}
      {cell.paid_twice_possible && (
        <p className="text-warn text-xs">
          Asked again after a crash: the provider may have charged for the call before it too.
        </p>
      )}
      {cell.reattached && (
        <p className="text-muted text-xs">Went on at the provider through a crash: paid once.</p>
      )}
      {cell.reused_from && (
        <p className="text-muted text-xs">
          Asked before: this is{" "}
          <Link href={`/jobs/${cell.reused_from.job_id}`} className="text-accent underline">
            the answer of then
          </Link>
          {cell.saved_usd ? `, which saved ${formatCost(cell.saved_usd)}` : ""}.
        </p>
      )}
      {ignored.length > 0 && (
        <p className="text-warn text-xs">
          This model cannot follow {listed(ignored.map((name) => OPTION_WORDS[name] ?? name))}.
        </p>
      )}
    </>
  );
}
