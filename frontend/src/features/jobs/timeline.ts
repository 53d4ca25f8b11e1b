import type { Tone } from "@/components/ui/tone";
import { STATUS_LOOKS } from "@/features/jobs/job-status";
import type { Attempt, AttemptOutcome, Job } from "@/lib/api/types";
import { formatSeconds } from "@/lib/format";

/** A stretch of time in which something happened; times in milliseconds. */
export interface Span {
  /** Spans of one lane are drawn in one row. */
  lane: string;
  says: string;
  from: number;
  to: number;
  tone: Tone;
}

/** What happened inside a job. */
export interface StepSpan extends Omit<Span, "to"> {
  /** Null while it goes on. */
  to: number | null;
}

export interface Lane {
  name: string;
  spans: Span[];
}

const OUTCOMES: Record<AttemptOutcome, { word: string; tone: Tone }> = {
  completed: { word: "completed", tone: "good" },
  failed: { word: "failed", tone: "bad" },
  retried: { word: "failed, to be tried again", tone: "warn" },
  interrupted: { word: "interrupted, to be continued", tone: "warn" },
  cancelled: { word: "cancelled", tone: "quiet" },
};

/** What happened when: first the job itself, then what its kind tells of its steps. */
export function lanesOf(job: Job, steps: StepSpan[], now: number): Lane[] {
  const goesOn = job.status === "running";
  const drawn = steps.flatMap((span) => {
    if (span.to === null && !goesOn) return [];
    return [{ ...span, to: span.to ?? Math.max(span.from, now) }];
  });
  const all = [...jobSpans(job, now), ...drawn];
  return Array.from(
    Map.groupBy(all, ({ lane }) => lane),
    ([name, spans]) => ({ name, spans }),
  );
}

/** Waiting, each attempt, and when the computer slept in it. */
function jobSpans(job: Job, now: number): Span[] {
  const spans: Span[] = [];
  let free = Date.parse(job.created_at);
  for (const attempt of job.attempts) {
    const from = Date.parse(attempt.started_at);
    if (from > free) spans.push(waiting(free, from));
    free = attempt.ended_at ? Date.parse(attempt.ended_at) : now;
    spans.push(working(attempt, from, free), ...sleeping(attempt, from));
  }
  if (job.status === "pending") spans.push(waiting(free, now));
  return spans;
}

function waiting(from: number, to: number): Span {
  return { lane: "Job", says: `Waiting ${formatSeconds((to - from) / 1_000)}`, from, to, tone: "quiet" };
}

function sleeping({ sleeps }: Attempt, began: number): Span[] {
  return sleeps.map(({ woke_at, seconds }) => {
    const to = Date.parse(woke_at);
    const from = Math.max(began, to - 1_000 * seconds);
    return { lane: "Computer asleep", says: `Slept ${formatSeconds(seconds)}`, from, to, tone: "quiet" };
  });
}

function working({ number, outcome }: Attempt, from: number, to: number): Span {
  const look = outcome ? OUTCOMES[outcome] : { word: "running", tone: STATUS_LOOKS.running.tone };
  const says = `Attempt ${number}: ${look.word} after ${formatSeconds((to - from) / 1_000)}`;
  return { lane: "Job", says, from, to, tone: look.tone };
}
