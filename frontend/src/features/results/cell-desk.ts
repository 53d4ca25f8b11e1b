import { useCallback, useMemo } from "react";
import { type Comparison, finishedCells, liveCells } from "@/features/results/comparison";
import { useRate, useRatings } from "@/features/results/ratings";
import { useCellCancel, useCellRetry } from "@/features/results/retries";
import type { Cell, Job, LiveCell, Rating, StepList } from "@/lib/api/types";

/** The cells of a job as far as they are known, and what can be done with them. */
export interface CellDesk {
  comparison: Comparison;
  cells: Map<string, Cell>;
  live: Map<string, LiveCell>;
  /** Whether unfinished cells can still come. */
  awaited: boolean;
  ratings: Record<string, Rating>;
  /** Undefined where ratings are not kept. */
  onRate: ((cell: string, rating: Rating) => void) | undefined;
  /** Asks one cell again, or (null) all that failed. Undefined while the job is at work. */
  onRetry: ((cell: string | null) => void) | undefined;
  /** Stops one cell while the others go on. Undefined where there is nothing to stop. */
  onCancel: ((cell: string) => void) | undefined;
  problem: Error | null;
}

const NO_RATINGS = {};

export function useCellDesk(job: Job, { steps, live }: StepList, comparison: Comparison): CellDesk {
  const ratings = useRatings(job.job_id);
  const { mutate: rate, error: rateError } = useRate(job.job_id);
  const { mutate: retry, error: retryError } = useCellRetry(job.job_id);
  const cancel = useCellCancel(job.job_id);
  const awaited = job.status === "pending" || job.status === "running";
  const onRate = useCallback((cell: string, rating: Rating) => rate({ cell, rating }), [rate]);
  const onRetry = useCallback((cell: string | null) => retry(cell), [retry]);
  return {
    comparison,
    cells: useMemo(() => finishedCells(job, steps), [job, steps]),
    live: useMemo(() => liveCells(awaited ? live : {}), [awaited, live]),
    awaited,
    ratings: ratings?.cells ?? NO_RATINGS,
    onRate: ratings ? onRate : undefined,
    onRetry: awaited ? undefined : onRetry,
    onCancel: awaited && !job.cancel_requested ? cancel?.mutate : undefined,
    problem: retryError ?? cancel?.error ?? rateError,
  };
}
