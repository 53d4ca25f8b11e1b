import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { OctagonX } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Loading } from "@/components/ui/loading";
import { Panel } from "@/components/ui/panel";
import { ProblemNote } from "@/components/ui/problem-note";
import { toasts } from "@/components/ui/toasts";
import { apiGet, apiPost } from "@/lib/api/client";
import type { Spending } from "@/lib/api/types";
import { count, formatCost } from "@/lib/format";

/** Money is spent by other tabs and by the command line too; in milliseconds. */
const EVERY = 5_000;

/** What is spent today, and the one button that stops everything. */
export function SpendingPanel() {
  const { data, error, refetch } = useQuery({
    queryKey: ["spending"],
    queryFn: ({ signal }) => apiGet<Spending>("spending", signal),
    refetchInterval: EVERY,
  });
  return (
    <Panel title="Spending" aside={<StopAll />}>
      {error && !data && <ProblemNote error={error} onRetry={refetch} />}
      {!data && !error && <Loading label="Counting …" rows={2} height="h-6" />}
      {data && <Today spending={data} />}
    </Panel>
  );
}

function Today({ spending }: { spending: Spending }) {
  const { today_usd, open_usd, day_cap_usd, calls, open_calls, unknown_calls } = spending;
  return (
    <div className="flex flex-col gap-2 text-sm">
      <p>
        <span className="font-semibold text-lg tabular-nums">{money(today_usd)}</span>
        <span className="text-muted">
          {day_cap_usd === null ? " today, no cap" : ` of $${day_cap_usd.toFixed(2)} today`} ·{" "}
          {count(calls, "paid call", "paid calls")}
        </span>
      </p>
      {day_cap_usd !== null && (
        <meter
          aria-label="Part of the day's cap that is spent"
          min={0}
          max={Math.max(day_cap_usd, 0.01)}
          value={today_usd}
          high={0.8 * day_cap_usd}
          optimum={0}
          className="h-2 w-full max-w-sm"
        />
      )}
      {open_calls > 0 && (
        <p className="text-muted">
          {count(open_calls, "call has", "calls have")} no outcome yet: {money(open_usd)} is reserved.
        </p>
      )}
      {unknown_calls > 0 && (
        <p className="text-warn">
          Nobody knows the price of {count(unknown_calls, "call", "calls")}: the sum is without{" "}
          {unknown_calls === 1 ? "it" : "them"}.
        </p>
      )}
      <p className="text-muted text-xs">
        Estimated from public prices; a day lasts from midnight to midnight UTC. Local models cost nothing.
        {day_cap_usd === null && " LONGTAKE_COMPARE_DAY_CAP_USD sets a cap."}
      </p>
    </div>
  );
}

function StopAll() {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const stop = useMutation({
    mutationFn: () => apiPost<{ jobs: number }>("stop-all"),
    onSuccess: ({ jobs }) => toasts.show(`${count(jobs, "job", "jobs")} stopped`),
    onError: (error) => toasts.show(error.message, { tone: "bad" }),
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <>
      <Button disabled={stop.isPending} onClick={() => setAsking(true)}>
        <OctagonX aria-hidden className="size-4 text-bad" />
        Stop everything
      </Button>
      {asking && (
        <ConfirmDialog
          question="Stop every comparison?"
          action="Stop everything"
          onConfirm={() => stop.mutate()}
          onClose={() => setAsking(false)}
        >
          Those that run or wait are cancelled at once, and nothing more is spent. What has been answered is
          kept; each can be retried later.
        </ConfirmDialog>
      )}
    </>
  );
}

function money(dollars: number): string {
  return dollars === 0 ? "$0" : formatCost(dollars);
}
