import { useQuery } from "@tanstack/react-query";
import { apiGet } from "@/lib/api/client";
import type { Job, JobSpending } from "@/lib/api/types";
import { count, formatCost } from "@/lib/format";

/** After an interruption: which paid calls did not have to be paid again. */
export function KeptCalls({ job }: { job: Job }) {
  const { data } = useQuery({
    queryKey: ["spending", job.job_id, job.attempts.length, job.status],
    queryFn: ({ signal }) => apiGet<JobSpending>(`jobs/${encodeURIComponent(job.job_id)}/spending`, signal),
    enabled: job.attempts.length > 1,
  });
  const facts = data ? keptFacts(data) : [];
  if (facts.length === 0) return null;
  return <p className="text-muted text-sm">{facts.join(" ")}</p>;
}

export function keptFacts({ kept, reattached }: Pick<JobSpending, "kept" | "reattached">): string[] {
  const facts = [];
  if (kept.calls > 0) {
    facts.push(
      `${count(kept.calls, "paid call was", "paid calls were")} kept and not made again (${formatCost(kept.usd)}).`,
    );
  }
  if (reattached.calls > 0) {
    facts.push(
      `${count(reattached.calls, "call", "calls")} went on at the provider meanwhile and ${reattached.calls === 1 ? "was" : "were"} only listened to again (${formatCost(reattached.usd)}).`,
    );
  }
  return facts;
}
