import { Brush, ListVideo } from "lucide-react";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { AboutCell } from "@/features/jobs/about-words";
import type { Chosen } from "@/features/jobs/bulk";
import { CleanupDialog } from "@/features/jobs/cleanup-dialog";
import type { AboutWords, JobColumn } from "@/features/jobs/columns";
import { FilterBar } from "@/features/jobs/filter-bar";
import { EVERY_JOB, isNarrow, type JobFilter, searchOf } from "@/features/jobs/job-filter";
import { jobsOf } from "@/features/jobs/job-pages";
import { STATUS_LOOKS } from "@/features/jobs/job-status";
import { MatchingJobs } from "@/features/jobs/matching-jobs";
import { useCounts, useJobList } from "@/features/jobs/queries";
import type { JobStatus, JobSummary } from "@/lib/api/types";
import { count } from "@/lib/format";
import { useHotkeys } from "@/lib/hotkeys";

interface JobListProps {
  filter: JobFilter;
  onFilter: (filter: JobFilter) => void;
  /** Where a job's own screen is. */
  jobHref: (id: string) => string;
  /** What to offer where there are no jobs at all. */
  whenEmpty: ReactNode;
  /** What else may be done with chosen jobs. */
  bulkExtras?: (chosen: Chosen) => ReactNode;
  /** The app's word for what its jobs are about. */
  about?: AboutWords;
  /** What else is shown of each job. */
  columns?: readonly JobColumn[];
}

const ANYTHING: AboutWords = { one: "About", many: "About", choices: [] };
const NO_COLUMNS: readonly JobColumn[] = [];

/** The jobs that match a filter, and what may be done with many of them. */
export function JobList(props: JobListProps) {
  const { filter, onFilter, jobHref, whenEmpty, bulkExtras, about = ANYTHING, columns = NO_COLUMNS } = props;
  const { data } = useJobList(filter);
  const { data: counts } = useCounts();
  const [cleaning, setCleaning] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  useHotkeys([{ keys: "/", does: "Find jobs", run: () => search.current?.focus() }]);
  const kinds = useMemo(() => [...new Set(jobsOf(data).map(({ kind }) => kind))].sort(), [data]);
  const known = useMemo(() => [...new Set(jobsOf(data).flatMap(({ about }) => about))].sort(), [data]);
  const allColumns = useMemo(() => {
    const cell = ({ about: words }: JobSummary) => (
      <AboutCell words={words} onAbout={(word) => onFilter({ ...filter, about: word })} />
    );
    return known.length > 0 ? [{ name: about.many, width: "13rem", cell }, ...columns] : columns;
  }, [known.length, about.many, columns, filter, onFilter]);
  const total = matching(filter, counts);
  const nothing = counts !== undefined && filter.status === null && !isNarrow(filter) && total === 0;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-baseline gap-3">
        <h1 className="font-semibold text-xl">Jobs</h1>
        {total !== null && !nothing && (
          <span className="text-muted text-sm tabular-nums">{count(total, "job", "jobs")}</span>
        )}
        {!nothing && (
          <Button look="quiet" className="ml-auto" onClick={() => setCleaning(true)}>
            <Brush aria-hidden className="size-4" />
            Clean up …
          </Button>
        )}
      </div>
      {!nothing && (
        <FilterBar
          filter={filter}
          onFilter={onFilter}
          counts={counts}
          kinds={kinds}
          about={{ ...about, choices: [...new Set([...about.choices, ...known])] }}
          search={search}
        />
      )}
      <MatchingJobs
        key={searchOf(filter).toString()}
        filter={filter}
        onFilter={onFilter}
        jobHref={jobHref}
        total={total}
        whenEmpty={<NoJobs filter={filter} onFilter={onFilter} whenEmpty={whenEmpty} />}
        bulkExtras={bulkExtras}
        columns={allColumns}
      />
      {cleaning && <CleanupDialog onClose={() => setCleaning(false)} />}
    </div>
  );
}

function NoJobs({ filter, onFilter, whenEmpty }: Pick<JobListProps, "filter" | "onFilter" | "whenEmpty">) {
  const restricted = filter.status !== null || isNarrow(filter);
  const word = filter.status && STATUS_LOOKS[filter.status].word.toLowerCase();
  const title = isNarrow(filter) ? "No job matches" : word ? `No ${word} jobs` : "No jobs yet";
  return (
    <EmptyState icon={ListVideo} title={title}>
      {restricted ? <Button onClick={() => onFilter(EVERY_JOB)}>Show all</Button> : whenEmpty}
    </EmptyState>
  );
}

function matching(filter: JobFilter, counts: Record<JobStatus, number> | undefined): number | null {
  if (!counts || isNarrow(filter)) return null;
  if (filter.status) return counts[filter.status];
  return Object.values(counts).reduce((sum, number) => sum + number, 0);
}
