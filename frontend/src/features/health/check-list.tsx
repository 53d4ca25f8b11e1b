import { CircleCheck, RefreshCw, TriangleAlert } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { ProblemNote } from "@/components/ui/problem-note";
import { useChecks } from "@/features/health/queries";
import type { Check } from "@/lib/api/types";

/** What the doctor finds, what is wrong first, each with what to do about it. */
export function CheckListPanel() {
  const { data: checks, error, refetch, isFetching } = useChecks();
  if (checks === null) return null;
  return (
    <Panel
      title="Checks"
      aside={
        <Button look="quiet" disabled={isFetching} onClick={() => refetch()}>
          <RefreshCw aria-hidden className={`size-4 ${isFetching ? "motion-safe:animate-spin" : ""}`} />
          Check again
        </Button>
      }
    >
      {error && !checks && <ProblemNote error={error} />}
      {!checks && !error && <p role="status">Checking …</p>}
      {checks && (
        <ul className="divide-y divide-line">
          {checks
            .toSorted((a, b) => Number(a.ok) - Number(b.ok))
            .map((check) => (
              <CheckLine key={check.name} check={check} />
            ))}
        </ul>
      )}
    </Panel>
  );
}

function CheckLine({ check: { name, ok, detail, fix } }: { check: Check }) {
  const Icon = ok ? CircleCheck : TriangleAlert;
  return (
    <li className="flex gap-2.5 py-2 text-sm">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${ok ? "text-good" : "text-warn"}`} />
      <div className="min-w-0 wrap-anywhere">
        <p>
          <span className="font-medium">{name}</span>
          <span className="sr-only">{ok ? " is fine" : " needs attention"}</span>
          <span className="text-muted"> · {detail}</span>
        </p>
        {fix && <p className="mt-0.5 font-medium">{fix}</p>}
      </div>
    </li>
  );
}
