import { useLocation } from "wouter";
import { AwaitedVideos } from "@/app/jobs/awaited-videos";
import { ComparisonView } from "@/app/jobs/comparison-view";
import { JobData } from "@/features/jobs/job-data";
import { isActive } from "@/features/jobs/job-status";
import { JobView } from "@/features/jobs/job-view";
import { awaitedUploads, spansOfUploads } from "@/features/results/awaited";
import { spansOf as spansOfCell, spansOfLive } from "@/features/results/cell-spans";
import { comparisonOf, isCell, liveCells } from "@/features/results/comparison";
import { useUploading } from "@/features/videos/use-uploads";
import type { StepList } from "@/lib/api/types";

const WHILE_SENDING =
  "You can lock your screen, but keep this tab open until the upload is done. If you close it, choose the same file here again.";

/** One job's screen: what every job shows, and inside it what this kind of job is about. */
export default function JobPage({ params }: { params: { id: string } }) {
  const [, navigate] = useLocation();
  const { known } = useUploading();
  const sends = ({ live }: StepList) => known.some((id) => awaitedUploads(live).has(id));
  return (
    <JobView
      key={params.id}
      id={params.id}
      stepWords={["cell", "cells"]}
      counts={({ value }) => isCell(value)}
      spansOf={spansOf}
      assurance={(steps) => (sends(steps) ? WHILE_SENDING : undefined)}
      onDeleted={() => navigate("/jobs")}
    >
      {(job, steps) => {
        const comparison = comparisonOf(job, steps.steps);
        if (!comparison) return <JobData job={job} steps={steps.steps} />;
        return (
          <>
            {isActive(job) && <AwaitedVideos steps={steps} />}
            <ComparisonView comparison={comparison} job={job} steps={steps} />
          </>
        );
      }}
    </JobView>
  );
}

function spansOf({ steps, live }: StepList) {
  const cells = steps.flatMap(({ value, finished_at }) =>
    isCell(value) ? spansOfCell(value, finished_at) : [],
  );
  return [...spansOfUploads({ steps, live }), ...cells, ...spansOfLive(liveCells(live))];
}
