import { useLocation } from "wouter";
import { ComparisonView } from "@/app/jobs/comparison-view";
import { JobData } from "@/features/jobs/job-data";
import { JobView } from "@/features/jobs/job-view";
import { spansOf as spansOfCell, spansOfLive } from "@/features/results/cell-spans";
import { comparisonOf, isCell, liveCells } from "@/features/results/comparison";
import type { StepList } from "@/lib/api/types";

/** One job's screen: what every job shows, and inside it what this kind of job is about. */
export default function JobPage({ params }: { params: { id: string } }) {
  const [, navigate] = useLocation();
  return (
    <JobView
      key={params.id}
      id={params.id}
      stepWords={["cell", "cells"]}
      spansOf={spansOf}
      onDeleted={() => navigate("/jobs")}
    >
      {(job, steps) => {
        const comparison = comparisonOf(job);
        if (!comparison) return <JobData job={job} steps={steps.steps} />;
        return <ComparisonView comparison={comparison} job={job} steps={steps} />;
      }}
    </JobView>
  );
}

function spansOf({ steps, live }: StepList) {
  const cells = steps.flatMap(({ value, finished_at }) =>
    isCell(value) ? spansOfCell(value, finished_at) : [],
  );
  return [...cells, ...spansOfLive(liveCells(live))];
}
