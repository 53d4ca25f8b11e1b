import { useCallback } from "react";
import { useSearchParams } from "wouter";
import { filterFrom, type JobFilter, searchOf } from "@/features/jobs/job-filter";
import { JobList } from "@/features/jobs/job-list";
import { useTitle } from "@/lib/use-title";

/** All jobs; which ones are shown is in the address. */
export function JobsScreen() {
  const [search, setSearch] = useSearchParams();
  const onFilter = useCallback(
    (filter: JobFilter) => setSearch(searchOf(filter), { replace: true }),
    [setSearch],
  );
  const filter = filterFrom(search);
  useTitle("");
  return (
    <JobList
      key={searchOf(filter).toString()}
      filter={filter}
      onFilter={onFilter}
      jobHref={(id) => `/${id}`}
      whenEmpty={<p className="text-muted">A job appears here as soon as your program submits one.</p>}
    />
  );
}
