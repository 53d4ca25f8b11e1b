import { SearchX } from "lucide-react";
import { Link } from "wouter";
import { SideBySideScreen } from "@/app/jobs/side-by-side-screen";
import { EmptyState } from "@/components/ui/empty-state";
import { Loading } from "@/components/ui/loading";
import { ProblemNote } from "@/components/ui/problem-note";
import { jobTitle } from "@/features/jobs/job-title";
import { useJob, useSteps } from "@/features/jobs/queries";
import { comparisonOf } from "@/features/results/comparison";
import { useTitle } from "@/lib/use-title";

/** Answers of one job side by side; which ones is in the address. */
export default function ViewPage({ params: { id } }: { params: { id: string } }) {
  const { data: job, error, refetch } = useJob(id);
  const steps = useSteps(job, job !== undefined && job.status !== "completed");
  useTitle(job ? `Side by side: ${jobTitle(job)}` : "Side by side");
  if (!job)
    return error ? (
      <ProblemNote error={error} onRetry={refetch} />
    ) : (
      <Loading label="Loading the job …" rows={4} />
    );
  const comparison = comparisonOf(job, steps.steps);
  if (!comparison) {
    return (
      <EmptyState icon={SearchX} title="This job compares nothing" heading="h1">
        <Link href={`/jobs/${id}`} className="font-medium text-accent underline">
          See the job
        </Link>
      </EmptyState>
    );
  }
  return <SideBySideScreen job={job} steps={steps} comparison={comparison} />;
}
