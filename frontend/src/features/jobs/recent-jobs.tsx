import { type ReactNode, useState, useSyncExternalStore } from "react";
import { Panel } from "@/components/ui/panel";
import { ProblemNote } from "@/components/ui/problem-note";
import { deletion } from "@/features/jobs/deletion";
import { EVERY_JOB } from "@/features/jobs/job-filter";
import { JobRow } from "@/features/jobs/job-row";
import { useJobList } from "@/features/jobs/queries";

const SHOWN = 5;

interface RecentJobsProps {
  jobHref: (id: string) => string;
  /** The way to all the others. */
  allJobs: ReactNode;
}

/** The newest jobs; nothing at all before the first. */
export function RecentJobs({ jobHref, allJobs }: RecentJobsProps) {
  const { data } = useJobList(EVERY_JOB);
  const doomed = useSyncExternalStore(deletion.subscribe, deletion.snapshot);
  const [problem, setProblem] = useState<Error | null>(null);
  const jobs = data?.pages[0]?.jobs.filter(({ job_id }) => !doomed.has(job_id)).slice(0, SHOWN) ?? [];
  if (jobs.length === 0) return null;
  return (
    <Panel title="Recent jobs" aside={allJobs}>
      {problem && <ProblemNote error={problem} />}
      <ul aria-label="Jobs" className="-mx-4 -mb-4 divide-y divide-line">
        {jobs.map((job) => (
          <li key={job.job_id} className="flex hover:bg-sunken/60">
            <JobRow job={job} href={jobHref(job.job_id)} onProblem={setProblem} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
