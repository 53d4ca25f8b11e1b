import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { jobKeys } from "@/features/jobs/job-cache";
import { type JobFilter, searchOf } from "@/features/jobs/job-filter";
import { isActive } from "@/features/jobs/job-status";
import { apiGet, apiPatch, apiPost } from "@/lib/api/client";
import type { Job, JobChanges, JobPage, StepList } from "@/lib/api/types";

const PAGE = 100;
/** How often partial answers are fetched while a job runs and is looked at, in milliseconds. */
const LIVE_PAUSE = 700;
/** How often a running job that is looked at is fetched whole, in milliseconds. */
const ATTEMPTS_PAUSE = 5_000;
const NO_STEPS: StepList = { steps: [], live: {} };

export function useJob(id: string) {
  return useQuery({
    queryKey: jobKeys.job(id),
    queryFn: ({ signal }) => apiGet<Job>(`jobs/${encodeURIComponent(id)}`, signal),
    // What the server tells of a job is without its attempts: a quick restart would go unseen.
    refetchInterval: ({ state }) => (state.data?.status === "running" ? ATTEMPTS_PAUSE : false),
  });
}

/**
 * The recorded steps of a job and what its handler shows for the moment; loaded piece by piece while it runs.
 *
 * Each attempt, and the end, is loaded anew: a retry may have forgotten steps.
 */
export function useSteps(job: Job | undefined, enabled: boolean): StepList {
  const client = useQueryClient();
  const id = job?.job_id ?? "";
  const running = job?.status === "running";
  const queryKey = jobKeys.stepsOf(id, job?.attempts.length ?? 0, job ? isActive(job) : false);
  const { data } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const known = client.getQueryData<StepList>(queryKey)?.steps ?? [];
      const path = `jobs/${encodeURIComponent(id)}/steps?after=${known.at(-1)?.number ?? 0}`;
      const { steps, live = {} } = await apiGet<StepList>(path, signal);
      return { steps: [...known, ...steps], live };
    },
    enabled: enabled && job !== undefined,
    placeholderData: (previous, query) => (query?.queryKey[2] === id ? previous : undefined),
    refetchInterval: running ? LIVE_PAUSE : false,
  });
  return data ?? NO_STEPS;
}

export function useCounts() {
  return useQuery({
    queryKey: jobKeys.counts,
    queryFn: ({ signal }) => apiGet<JobPage>("jobs?limit=1", signal),
    select: ({ counts }) => counts,
  });
}

export function useJobList(filter: JobFilter) {
  return useInfiniteQuery({
    queryKey: jobKeys.list(filter),
    queryFn: ({ pageParam, signal }) => {
      const query = searchOf(filter);
      query.set("limit", String(PAGE));
      if (pageParam) query.set("after", pageParam);
      return apiGet<JobPage>(`jobs?${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: Number.POSITIVE_INFINITY, // kept up to date by what the server tells
    gcTime: 60_000,
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

/** Changes what a person may change of a job: its title, its tags, whether a cleanup leaves it alone. */
export function useEditJob(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: JobChanges) => apiPatch<Job>(`jobs/${encodeURIComponent(id)}`, changes),
    onSettled: () => client.invalidateQueries({ queryKey: jobKeys.all }),
  });
}
