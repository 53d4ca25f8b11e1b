import { type ReactNode, useCallback, useMemo, useState, useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";
import { Loading } from "@/components/ui/loading";
import { ProblemNote } from "@/components/ui/problem-note";
import type { Chosen } from "@/features/jobs/bulk";
import { BulkBar } from "@/features/jobs/bulk-bar";
import type { JobColumn } from "@/features/jobs/columns";
import { deletion } from "@/features/jobs/deletion";
import type { JobFilter } from "@/features/jobs/job-filter";
import { jobsOf } from "@/features/jobs/job-pages";
import { useJobList } from "@/features/jobs/queries";
import { useSelection } from "@/features/jobs/selection";
import { VirtualRows } from "@/features/jobs/virtual-rows";
import type { JobSummary } from "@/lib/api/types";

interface MatchingJobsProps {
  filter: JobFilter;
  onFilter: (filter: JobFilter) => void;
  jobHref: (id: string) => string;
  /** How many jobs match, as far as that is known without loading them. */
  total: number | null;
  whenEmpty: ReactNode;
  bulkExtras?: ((chosen: Chosen) => ReactNode) | undefined;
  columns: readonly JobColumn[];
}

/** The rows of one filter and what is chosen among them. */
export function MatchingJobs(props: MatchingJobsProps) {
  const { filter, onFilter, jobHref, total, whenEmpty, bulkExtras, columns } = props;
  const list = useJobList(filter);
  const [problem, setProblem] = useState<Error | null>(null);
  const { rows, fresh, showFresh } = useSteadyRows(useMemo(() => jobsOf(list.data), [list.data]));
  const selection = useSelection(rows);
  const { hasNextPage, isFetching, fetchNextPage } = list;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  if (!list.data) {
    return list.error ? (
      <ProblemNote error={list.error} onRetry={list.refetch} />
    ) : (
      <Loading label="Loading the jobs …" rows={8} />
    );
  }
  return (
    <>
      {problem && <ProblemNote error={problem} />}
      {fresh > 0 && (
        <Button className="self-center rounded-full!" onClick={showFresh}>
          {fresh} new, show
        </Button>
      )}
      {selection.ids.length > 0 && (
        <BulkBar
          filter={filter}
          jobs={rows}
          selection={selection}
          matching={hasNextPage ? total : rows.length}
          more={hasNextPage}
          extras={bulkExtras}
        />
      )}
      {rows.length === 0 && whenEmpty}
      {rows.length > 0 && (
        <VirtualRows
          jobs={rows}
          selection={selection}
          jobHref={jobHref}
          onProblem={setProblem}
          onTag={(tag) => onFilter({ ...filter, tag })}
          columns={columns}
          onEnd={onEnd}
        />
      )}
      {hasNextPage && (
        <p role="status" className="text-center text-muted text-sm">
          Loading more …
        </p>
      )}
    </>
  );
}

/** The rows without those that came after the list was first shown (they wait to be asked for) or are deleted. */
function useSteadyRows(jobs: readonly JobSummary[]) {
  const doomed = useSyncExternalStore(deletion.subscribe, deletion.snapshot);
  const [since, setSince] = useState<string | null>(null);
  const newest = jobs[0]?.job_id;
  if (since === null && newest !== undefined) setSince(newest);
  const showFresh = useCallback(() => newest !== undefined && setSince(newest), [newest]);
  return useMemo(() => {
    const kept = jobs.filter(({ job_id }) => !doomed.has(job_id));
    const rows = kept.filter(({ job_id }) => since === null || job_id <= since);
    return { rows, fresh: kept.length - rows.length, showFresh };
  }, [jobs, doomed, since, showFresh]);
}
