import { useCallback } from "react";
import { Link, useSearchParams } from "wouter";
import { wordsOf } from "@/features/jobs/bulk";
import { filterFrom, type JobFilter, searchOf } from "@/features/jobs/job-filter";
import { JobList } from "@/features/jobs/job-list";
import { ExportMany } from "@/features/results/export-many";
import { useTitle } from "@/lib/use-title";

/** The Jobs screen; which jobs it shows is in the address. */
export default function JobsPage() {
  const [search, setSearch] = useSearchParams();
  const onFilter = useCallback(
    (filter: JobFilter) => setSearch(searchOf(filter), { replace: true }),
    [setSearch],
  );
  const filter = filterFrom(search);
  useTitle("Jobs");
  return (
    <div className="mx-auto max-w-6xl">
      <JobList
        key={searchOf(filter).toString()}
        filter={filter}
        onFilter={onFilter}
        jobHref={(id) => `/jobs/${id}`}
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
