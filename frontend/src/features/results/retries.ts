import { useMutation, useQueryClient } from "@tanstack/react-query";
import { apiPost } from "@/lib/api/client";

/** Asks one cell again, or (null) all that failed; the job goes on from what it has. */
export function useCellRetry(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (cell: string | null) =>
      apiPost(`jobs/${encodeURIComponent(jobId)}/cells/${cell ? `${cell}/retry` : "retry-failed"}`),
    onSettled: () => client.invalidateQueries(),
  });
}
