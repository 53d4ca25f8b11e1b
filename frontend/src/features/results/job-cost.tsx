import { useQuery } from "@tanstack/react-query";
import { apiGet } from "@/lib/api/client";
import type { JobCost as Cost, CostList, JobSummary } from "@/lib/api/types";
import { count, formatCost } from "@/lib/format";
import { gathered } from "@/lib/gathered";

const costOf = gathered<Cost>(
  async (ids) => {
    const { costs } = await apiGet<CostList>(
      `costs?${ids.map((id) => `job=${encodeURIComponent(id)}`).join("&")}`,
    );
    return new Map(Object.entries(costs));
  },
  { pause: 50, most: 50 },
);

/** What a comparison in a list has cost so far; nothing for other jobs. */
export function JobCost({ job }: { job: JobSummary }) {
  const { data } = useQuery({
    // An answer changes the number of steps; what is not retried stays as it is.
    queryKey: ["job-cost", job.job_id, job.status, job.steps],
    queryFn: () => costOf(job.job_id),
    enabled: job.steps > 0 || job.status === "completed",
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before, query) => (query?.queryKey[1] === job.job_id ? before : undefined),
  });
  if (!data) return null;
  if (data.unknown === 0) return <span className="tabular-nums">{formatCost(data.usd)}</span>;
  return (
    <span
      className="tabular-nums"
      title={`The price of ${count(data.unknown, "answer", "answers")} is not known`}
    >
      {data.usd > 0 ? `${formatCost(data.usd)} + ?` : "unknown"}
    </span>
  );
}
