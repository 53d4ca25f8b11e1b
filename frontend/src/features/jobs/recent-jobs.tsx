import { type ReactNode, useState } from "react";
import { Panel } from "@/components/ui/panel";
import { ProblemNote } from "@/components/ui/problem-note";
import { JobRows } from "@/features/jobs/job-rows";
import { useJobList } from "@/features/jobs/queries";

const SHOWN = 5;

interface RecentJobsProps {
  jobHref: (id: string) => string;
  /** The way to all the others. */
  allJobs: ReactNode;
}

/** The newest jobs; nothing at all before the first. */
export function RecentJobs({ jobHref, allJobs }: RecentJobsProps) {
  const { data } = useJobList(null);
  const [problem, setProblem] = useState<Error | null>(null);
  const jobs = data?.pages[0]?.jobs.slice(0, SHOWN) ?? [];
  if (jobs.length === 0) return null;
  return (
    <Panel title="Recent jobs" aside={allJobs}>
      {problem && <ProblemNote error={problem} />}
      <div className="-mx-4 -mb-4">
        <JobRows jobs={jobs} jobHref={jobHref} onProblem={setProblem} />
      </div>
    </Panel>
  );
}
