import { ListVideo } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ProblemNote } from "@/components/ui/problem-note";
import { JobRows } from "@/features/jobs/job-rows";
import { STATUS_LOOKS } from "@/features/jobs/job-status";
import { useJobList } from "@/features/jobs/queries";
import { StatusFilter } from "@/features/jobs/status-filter";
import type { JobStatus } from "@/lib/api/types";

interface JobListProps {
  status: JobStatus | null;
  onStatus: (status: JobStatus | null) => void;
  /** Where a job's own screen is. */
  jobHref: (id: string) => string;
  /** What to offer where there are no jobs at all. */
  whenEmpty: ReactNode;
}

export function JobList({ status, onStatus, jobHref, whenEmpty }: JobListProps) {
  const list = useJobList(status);
  const [problem, setProblem] = useState<Error | null>(null);
  const jobs = list.data?.pages.flatMap((page) => page.jobs) ?? [];
  return (
    <div className="flex flex-col gap-3">
      <StatusFilter chosen={status} counts={list.data?.pages[0]?.counts} onChoose={onStatus} />
      {problem && <ProblemNote error={problem} />}
      {list.error && !list.data && <ProblemNote error={list.error} onRetry={list.refetch} />}
      {list.isPending && <p role="status">Loading the jobs …</p>}
      {list.data && jobs.length === 0 && (
        <EmptyState
          icon={ListVideo}
          title={status ? `No ${STATUS_LOOKS[status].word.toLowerCase()} jobs` : "No jobs yet"}
        >
          {status ? <Button onClick={() => onStatus(null)}>Show all</Button> : whenEmpty}
        </EmptyState>
      )}
      {jobs.length > 0 && (
        <div className="rounded-lg border border-line bg-panel">
          <JobRows jobs={jobs} jobHref={jobHref} onProblem={setProblem} />
        </div>
      )}
      {list.hasNextPage && (
        <Button
          className="self-center"
          disabled={list.isFetchingNextPage}
          onClick={() => list.fetchNextPage()}
        >
          Load more
        </Button>
      )}
    </div>
  );
}
