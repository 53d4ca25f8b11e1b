import { useCallback, useMemo } from "react";
import { Link, useSearchParams } from "wouter";
import { useModels } from "@/features/compare/use-models";
import { wordsOf } from "@/features/jobs/bulk";
import type { JobColumn } from "@/features/jobs/columns";
import { filterFrom, type JobFilter, searchOf } from "@/features/jobs/job-filter";
import { JobList } from "@/features/jobs/job-list";
import { ExportMany } from "@/features/results/export-many";
import { JobCost } from "@/features/results/job-cost";
import { useTitle } from "@/lib/use-title";

const COLUMNS: readonly JobColumn[] = [
  { name: "Est. cost", width: "6.5rem", cell: (job) => <JobCost job={job} /> },
];

/** The Jobs screen; which jobs it shows is in the address. */
export default function JobsPage() {
  const [search, setSearch] = useSearchParams();
  const onFilter = useCallback(
    (filter: JobFilter) => setSearch(searchOf(filter), { replace: true }),
    [setSearch],
  );
  const filter = filterFrom(search);
  const { data: models } = useModels();
  const about = useMemo(
    () => ({ one: "Model", many: "Models", choices: (models ?? []).map(({ id }) => id) }),
    [models],
  );
  useTitle("Jobs");
  return (
    <div className="mx-auto max-w-7xl">
      <JobList
        key={searchOf(filter).toString()}
        filter={filter}
        onFilter={onFilter}
        jobHref={(id) => `/jobs/${id}`}
        about={about}
        columns={COLUMNS}
        bulkExtras={({ filter, ids }) => (
          <ExportMany asked={ids ? { jobs: [...ids] } : { filter: wordsOf(filter) }} />
        )}
        whenEmpty={
          <Link href="/" className="font-medium text-accent underline">
            Compare models on a video
          </Link>
        }
      />
    </div>
  );
}
