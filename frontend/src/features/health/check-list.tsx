import { CircleCheck, Info, RefreshCw, TriangleAlert } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Loading } from "@/components/ui/loading";
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
      {!checks && !error && <Loading label="Checking …" rows={8} height="h-7" />}
      {checks && (
        <ul className="divide-y divide-line">
          {checks
            .toSorted((a, b) => urgency(b) - urgency(a))
            .map((check) => (
              <CheckLine key={check.name} check={check} />
            ))}
        </ul>
      )}
    </Panel>
  );
}

/** 2: wrong; 1: could be better; 0: fine. */
function urgency({ ok, fix }: Check): 0 | 1 | 2 {
  if (!ok) return 2;
  return fix ? 1 : 0;
}

const LOOKS = {
  2: { icon: TriangleAlert, tone: "text-warn", says: " needs attention" },
  1: { icon: Info, tone: "text-muted", says: " can be added" },
  0: { icon: CircleCheck, tone: "text-good", says: " is fine" },
};

function CheckLine({ check }: { check: Check }) {
  const { name, detail, fix } = check;
  const { icon: Icon, tone, says } = LOOKS[urgency(check)];
  return (
    <li className="flex gap-2.5 py-2 text-sm">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${tone}`} />
      <div className="min-w-0 wrap-anywhere">
        <p>
          <span className="font-medium">{name}</span>
          <span className="sr-only">{says}</span>
          <span className="text-muted"> · {detail}</span>
        </p>
        {fix && <p className="mt-0.5 font-medium">{fix}</p>}
      </div>
    </li>
  );
}
