import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { apiPost } from "@/lib/api/client";
import { offers } from "@/lib/api/offers";

/** Asks one cell again, or (null) all that failed; the job goes on from what it has. */
export function useCellRetry(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (cell: string | null) =>
      apiPost(`jobs/${encodeURIComponent(jobId)}/cells/${cell ? `${cell}/retry` : "retry-failed"}`),
    onSettled: () => client.invalidateQueries(),
  });
}

/** Cancels one cell while the others go on; null where the server cannot. */
export function useCellCancel(jobId: string) {
  const client = useQueryClient();
  const { data: offered = false } = useQuery({
    queryKey: ["offers", "cell cancel"],
    queryFn: () => offers("/api/jobs/{job_id}/cells/{cell}/cancel"),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const mutation = useMutation({
    mutationFn: (cell: string) => apiPost(`jobs/${encodeURIComponent(jobId)}/cells/${cell}/cancel`),
    onSettled: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
  return offered ? mutation : null;
}
