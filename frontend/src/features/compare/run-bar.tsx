import { useEffect, useId } from "react";
import { Button } from "@/components/ui/button";
import { ProblemNote } from "@/components/ui/problem-note";
import { CurlMenu } from "@/features/compare/curl-menu";
import { type Draft, missing } from "@/features/compare/draft";
import { RunCost } from "@/features/compare/run-cost";
import type { RunOptions } from "@/features/compare/run-options";
import { type Uploading, useRun } from "@/features/compare/use-run";
import type { Submitted } from "@/lib/api/types";
import { count, formatTime, listed } from "@/lib/format";

interface RunBarProps {
  draft: Draft;
  options: RunOptions;
  /** These videos are not part of the draft, but of the comparison. */
  uploading: Uploading;
  onSubmitted: (submitted: Submitted) => void;
}

/** How much the comparison is, what is still missing, and the button that starts it. */
export function RunBar({ draft, options, uploading, onSubmitted }: RunBarProps) {
  const about = useId();
  const { run, ready, todo, isPending, error } = useRun(draft, options, uploading, onSubmitted);
  useRunKey(run);
  return (
    <div className="sticky bottom-0 z-10 -mx-4 flex flex-col gap-2 border-line border-t bg-panel px-4 py-3 max-sm:bottom-14 sm:mx-0 sm:rounded-lg sm:border">
      {error && <ProblemNote error={error} />}
      <div className="flex flex-wrap items-center justify-end gap-2 sm:flex-nowrap sm:gap-3">
        <div className="min-w-0 flex-1 max-sm:basis-52">
          <p id={about} role="status" className="text-sm">
            {todo.length > 0 && <span className="text-muted">To start, add {listed(todo)}.</span>}
            {todo.length === 0 && <RunCost draft={draft} options={options} uploading={uploading} />}
            {options.runAt && <span className="text-muted"> Starts {startOf(options.runAt)}.</span>}
            {uploading.underWay > 0 && (
              <span className="block text-muted">
                {count(uploading.underWay, "video is", "videos are")} still being uploaded: the job waits for{" "}
                {uploading.underWay === 1 ? "it" : "them"}.
              </span>
            )}
          </p>
        </div>
        <CurlMenu draft={draft} options={options} disabled={missing(draft).length > 0} />
        <Button
          look="primary"
          className="min-w-28"
          disabled={!ready}
          aria-describedby={about}
          aria-keyshortcuts="Control+Enter Meta+Enter"
          onClick={run}
        >
          {isPending ? "Starting …" : "Run"}
          <kbd aria-hidden className="hidden font-sans text-xs opacity-80 sm:inline">
            {isApple() ? "⌘↵" : "Ctrl ↵"}
          </kbd>
        </Button>
      </div>
    </div>
  );
}

function useRunKey(onRun: () => void) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
      event.preventDefault();
      onRun();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });
}

function startOf(runAt: string): string {
  const time = new Date(runAt);
  return time > new Date() ? formatTime(time.toISOString()) : "at once";
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
