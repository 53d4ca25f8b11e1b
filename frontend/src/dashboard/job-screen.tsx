import { useLocation } from "wouter";
import { JobData } from "@/features/jobs/job-data";
import { JobView } from "@/features/jobs/job-view";

/** One job: what is stored of it, whatever its kind. */
export function JobScreen({ id }: { id: string }) {
  const [, navigate] = useLocation();
  return (
    <JobView id={id} stepWords={["step", "steps"]} spansOf={noSpans} onDeleted={() => navigate("/")}>
      {(job, { steps }) => <JobData job={job} steps={steps} />}
    </JobView>
  );
}

/** A step says when it was recorded, not when it began. */
function noSpans() {
  return [];
}
