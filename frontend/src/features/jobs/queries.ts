import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { jobKeys } from "@/features/jobs/job-cache";
import { apiDelete, apiGet, apiPost } from "@/lib/api/client";
import type { Job, JobPage, JobStatus, StepList } from "@/lib/api/types";

const PAGE = 50;

export function useJob(id: string) {
  return useQuery({
    queryKey: jobKeys.job(id),
    queryFn: ({ signal }) => apiGet<Job>(`jobs/${encodeURIComponent(id)}`, signal),
  });
}

export function useSteps(id: string, enabled: boolean) {
  return useQuery({
    queryKey: jobKeys.steps(id),
    queryFn: ({ signal }) => apiGet<StepList>(`jobs/${encodeURIComponent(id)}/steps`, signal),
    select: ({ steps }) => steps,
    enabled,
  });
}

export function useCounts() {
  return useQuery({
    queryKey: jobKeys.counts,
    queryFn: ({ signal }) => apiGet<JobPage>("jobs?limit=1", signal),
    select: ({ counts }) => counts,
  });
}

export function useJobList(status: JobStatus | null) {
  return useInfiniteQuery({
    queryKey: jobKeys.list(status),
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(PAGE) });
      if (status) query.set("status", status);
      if (pageParam) query.set("after", pageParam);
      return apiGet<JobPage>(`jobs?${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
}

/** Cancels or retries a job and shows the job after it. */
export function useJobAction(id: string, action: "cancel" | "retry") {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => apiPost<Job>(`jobs/${encodeURIComponent(id)}/${action}`),
    onSettled: () => client.invalidateQueries({ queryKey: jobKeys.all }),
  });
}

export function useDeleteJob(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => apiDelete(`jobs/${encodeURIComponent(id)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: jobKeys.lists }),
  });
}
