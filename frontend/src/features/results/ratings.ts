import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { apiGet, apiPost, apiPut } from "@/lib/api/client";
import { offers } from "@/lib/api/offers";
import type { Rating, Ratings, Vote } from "@/lib/api/types";

const keyOf = (jobId: string) => ["ratings", jobId] as const;

/** What people think of a job's answers; null while unknown, or where the server keeps no ratings. */
export function useRatings(jobId: string): Ratings | null {
  const { data } = useQuery({
    queryKey: keyOf(jobId),
    queryFn: async ({ signal }) =>
      (await offers("/api/jobs/{job_id}/ratings"))
        ? apiGet<Ratings>(`${pathOf(jobId)}/ratings`, signal)
        : null,
  });
  return data ?? null;
}

/** Rates one cell; shown at once, and taken back if the server does not keep it. */
export function useRate(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ cell, rating }: { cell: string; rating: Rating }) =>
      apiPut(`${pathOf(jobId)}/cells/${cell}/rating`, rating),
    onMutate: ({ cell, rating }) =>
      client.setQueryData<Ratings | null>(
        keyOf(jobId),
        (before) => before && { ...before, cells: { ...before.cells, [cell]: rating } },
      ),
    onSettled: () => client.invalidateQueries({ queryKey: keyOf(jobId) }),
  });
}

export function useVote(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (vote: Vote) => apiPost(`${pathOf(jobId)}/votes`, vote),
    onSettled: () => client.invalidateQueries({ queryKey: keyOf(jobId) }),
  });
}

function pathOf(jobId: string): string {
  return `jobs/${encodeURIComponent(jobId)}`;
}
