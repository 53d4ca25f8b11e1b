import { Note } from "@/components/ui/note";
import { isActive } from "@/features/jobs/job-status";
import type { Job, Step } from "@/lib/api/types";
import { count, formatTime } from "@/lib/format";

interface RestartNoteProps {
  job: Job;
  steps: Step[];
  /** What a recorded step is to the reader: ["cell", "cells"]. */
  stepWords: [one: string, many: string];
}

/** Says what a restart of the worker kept, if there was one. */
export function RestartNote({ job, steps, stepWords }: RestartNoteProps) {
  const restart = lastRestart(job);
  if (!restart || !(restart.continued || isActive(job))) return null;
  const kept = steps.filter(({ finished_at }) => finished_at <= restart.at).length;
  const keptWords = count(kept, `finished ${stepWords[0]} was kept`, `finished ${stepWords[1]} were kept`);
  const what = kept > 0 ? `: ${keptWords}` : "";
  return (
    <Note tone="quiet">
      {restart.continued
        ? `Continued after restart at ${formatTime(restart.at)}${what}.`
        : `Interrupted at ${formatTime(restart.at)}. It continues by itself${what}.`}
      {restart.times > 1 && ` (${restart.times} restarts so far.)`}
    </Note>
  );
}

/** When the job last continued after an interruption, or when it was interrupted if it has not continued. */
export function lastRestart({ attempts }: Pick<Job, "attempts">) {
  const index = attempts.findLastIndex(({ outcome }) => outcome === "interrupted");
  const interrupted = attempts[index];
  if (!interrupted) return null;
  const next = attempts[index + 1];
  return {
    at: next?.started_at ?? interrupted.ended_at ?? interrupted.started_at,
    continued: next !== undefined,
    times: attempts.filter(({ outcome }) => outcome === "interrupted").length,
  };
}
