import { TONE_TEXT } from "@/components/ui/tone";
import { isActive } from "@/features/jobs/job-status";
import { type Lane, lanesOf, type Span, type StepSpan } from "@/features/jobs/timeline";
import type { Job } from "@/lib/api/types";
import { formatSeconds, formatTime } from "@/lib/format";
import { useNow } from "@/lib/use-now";

interface JobTimelineProps {
  job: Job;
  /** What happened inside the job. */
  spans: StepSpan[];
}

/** What happened when, from the submission to the end or to now. */
export function JobTimeline({ job, spans }: JobTimelineProps) {
  const now = useNow(1_000, isActive(job)).getTime();
  const lanes = lanesOf(job, spans, now);
  const all = lanes.flatMap((lane) => lane.spans);
  const from = Math.min(Date.parse(job.created_at), ...all.map((span) => span.from));
  const to = Math.max(from + 1_000, ...all.map((span) => span.to));
  return (
    <div className="mt-2 flex flex-col gap-1">
      <ul className="flex flex-col gap-1">
        {lanes.map((lane) => (
          <LaneRow key={lane.name} lane={lane} from={from} length={to - from} />
        ))}
      </ul>
      <p className="flex justify-between text-muted text-xs tabular-nums sm:pl-44">
        <time dateTime={new Date(from).toISOString()}>{formatTime(new Date(from).toISOString())}</time>
        <span>{formatSeconds(Math.round((to - from) / 1_000))}</span>
        <time dateTime={new Date(to).toISOString()}>{formatTime(new Date(to).toISOString())}</time>
      </p>
    </div>
  );
}

function LaneRow({ lane, from, length }: { lane: Lane; from: number; length: number }) {
  return (
    <li className="items-center gap-3 sm:flex">
      <span className="block truncate text-muted text-xs sm:w-41 sm:text-right">{lane.name}</span>
      <ol className="relative h-5 min-w-0 flex-1 overflow-hidden rounded bg-sunken">
        {lane.spans.map((span) => (
          <Bar key={`${span.says} ${span.from}`} span={span} from={from} length={length} />
        ))}
      </ol>
    </li>
  );
}

function Bar({ span, from, length }: { span: Span; from: number; length: number }) {
  return (
    <li
      title={span.says}
      className={`absolute inset-y-1 min-w-1 rounded-sm border border-panel bg-current ${span.tone === "quiet" ? "opacity-40" : "opacity-85"} ${TONE_TEXT[span.tone]}`}
      style={{
        left: `${(100 * (span.from - from)) / length}%`,
        width: `${(100 * (span.to - span.from)) / length}%`,
      }}
    >
      <span className="sr-only">{span.says}</span>
    </li>
  );
}
