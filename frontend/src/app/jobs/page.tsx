import { Link, useSearchParams } from "wouter";
import { JobList } from "@/features/jobs/job-list";
import { isStatus } from "@/features/jobs/job-status";
import { useTitle } from "@/lib/use-title";

/** The Jobs screen; which jobs it shows is in the address. */
export default function JobsPage() {
  const [search, setSearch] = useSearchParams();
  const asked = search.get("status");
  useTitle("Jobs");
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-4">
      <h1 className="font-semibold text-xl">Jobs</h1>
      <JobList
        status={isStatus(asked) ? asked : null}
        onStatus={(status) => setSearch(status ? { status } : {})}
        jobHref={(id) => `/jobs/${id}`}
        whenEmpty={
          <Link href="/" className="font-medium text-accent underline">
            Compare models on a video
          </Link>
        }
      />
    </div>
  );
}
