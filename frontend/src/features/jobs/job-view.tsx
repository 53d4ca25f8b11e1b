import { History, Lock, SearchX } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Loading } from "@/components/ui/loading";
import { Note } from "@/components/ui/note";
import { ProblemNote } from "@/components/ui/problem-note";
import { useEndMark } from "@/features/jobs/end-mark";
import { JobHeader } from "@/features/jobs/job-header";
import { JobProgress, JobTimes } from "@/features/jobs/job-progress";
import { isActive } from "@/features/jobs/job-status";
import { JobTimeline } from "@/features/jobs/job-timeline";
import { jobTitle } from "@/features/jobs/job-title";
import { useJob, useSteps } from "@/features/jobs/queries";
import { RestartNote } from "@/features/jobs/restart-note";
import type { StepSpan } from "@/features/jobs/timeline";
import { isMissing } from "@/lib/api/client";
import type { Job, Step, StepList } from "@/lib/api/types";
import { formatPercent, formatTime } from "@/lib/format";
import { useFavicon } from "@/lib/use-favicon";
import { useStored } from "@/lib/use-stored";
import { useTitle } from "@/lib/use-title";

interface JobViewProps {
  id: string;
  stepWords: [one: string, many: string];
  /** Whether a recorded step is one of those; usually each is. */
  counts?: (step: Step) => boolean;
  /** What the timeline shows of the steps, and of what goes on. */
  spansOf: (steps: StepList) => StepSpan[];
  /** What a person may rely on while the job is at work, where it is not the usual. */
  assurance?: (steps: StepList) => string | undefined;
  onDeleted: () => void;
  /** Shows what the job is about; of a kind that nobody knows, its data. */
  children: (job: Job, steps: StepList) => ReactNode;
}

/** One job, whatever its kind: state, progress, what may be done with it. */
export function JobView({ id, stepWords, counts, spansOf, assurance, onDeleted, children }: JobViewProps) {
  const { data: job, error, refetch } = useJob(id);
  const [timeline, setTimeline] = useStored("longtake.timeline", false, isFlag);
  const restarted = job?.attempts.some(({ outcome }) => outcome === "interrupted") ?? false;
  const steps = useSteps(job, timeline || restarted || job?.status !== "completed");
  const [problem, setProblem] = useState<Error | null>(null);
  const mark = useEndMark(job);
  useTitle(job ? tabTitle(job, mark) : "Job");
  useFavicon(job?.status === "running" ? job.progress : null);

  if (isMissing(error)) {
    return (
      <EmptyState icon={SearchX} title="There is no such job" heading="h1">
        <p className="text-muted">It was deleted, or it belongs to another data folder.</p>
      </EmptyState>
    );
  }
  if (!job)
    return error ? (
      <ProblemNote error={error} onRetry={refetch} />
    ) : (
      <Loading label="Loading the job …" rows={4} />
    );

  return (
    <div className="flex flex-col gap-4">
      <JobHeader job={job} onProblem={setProblem} onDeleted={onDeleted} />
      <div className="flex flex-col gap-2">
        {isActive(job) && <JobProgress job={job} />}
        <div className="flex items-start justify-between gap-x-4 sm:items-center">
          {isActive(job) ? <Assurance>{assurance?.(steps)}</Assurance> : <Ending job={job} />}
          <Button
            look="quiet"
            className="-my-2 shrink-0 max-sm:-mr-3"
            aria-expanded={timeline}
            onClick={() => setTimeline(!timeline)}
          >
            <History aria-hidden className="size-4" />
            Timeline
          </Button>
        </div>
        {job.tags.length > 0 && (
          <ul aria-label="Tags" className="flex flex-wrap gap-1.5">
            {job.tags.map((tag) => (
              <li key={tag} className="rounded-full bg-sunken px-2 text-muted text-xs leading-6">
                {tag}
              </li>
            ))}
          </ul>
        )}
        {timeline && <JobTimeline job={job} spans={spansOf(steps)} />}
      </div>
      {problem && <ProblemNote error={problem} />}
      <RestartNote
        job={job}
        steps={counts ? steps.steps.filter(counts) : steps.steps}
        stepWords={stepWords}
      />
      {job.error && (
        <Note tone="bad" title={job.status === "failed" ? "The job failed" : "The last attempt failed"}>
          <span className="whitespace-pre-wrap">{job.error}</span>
        </Note>
      )}
      {children(job, steps)}
    </div>
  );
}

function isFlag(value: unknown): value is boolean {
  return typeof value === "boolean";
}

/** Nothing more than is true. */
function Assurance({ children }: { children: ReactNode }) {
  return (
    <p className="flex items-start gap-2 text-muted text-sm">
      <Lock aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        {children ?? "You can lock your screen or close this tab. The job runs in the background."}
        {isThisComputer() && " If the computer sleeps, the job pauses and continues on waking."}
      </span>
    </p>
  );
}

function Ending({ job }: { job: Job }) {
  return (
    <p className="text-muted text-sm">
      <JobTimes job={job} /> · created {formatTime(job.created_at)}
      {job.finished_at && `, ended ${formatTime(job.finished_at)}`}
      {job.progress < 100 && ` · stopped at ${formatPercent(job.progress)}`}
    </p>
  );
}

function tabTitle(job: Job, mark: string): string {
  if (job.status === "running") return `(${formatPercent(job.progress)}) ${jobTitle(job)}`;
  return `${mark}${jobTitle(job)}`;
}

/** Whether the server is on the computer at which the person sits. */
function isThisComputer(): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
}
