import { useMutation } from "@tanstack/react-query";
import { useEffect, useId } from "react";
import { Button } from "@/components/ui/button";
import { ProblemNote } from "@/components/ui/problem-note";
import { countCells, type Draft, missing, written } from "@/features/compare/draft";
import { submitComparison } from "@/features/compare/submit";
import type { Submitted } from "@/lib/api/types";
import { count } from "@/lib/format";

/** From this many cells on, the count is shown as a warning. */
const MANY_CELLS = 50;

interface RunBarProps {
  draft: Draft;
  /** How many videos are still on their way; they are not part of the draft yet. */
  uploading: number;
  onSubmitted: (submitted: Submitted) => void;
}

/** How much the comparison is, what is still missing, and the button that starts it. */
export function RunBar({ draft, uploading, onSubmitted }: RunBarProps) {
  const about = useId();
  const submit = useMutation({ mutationFn: submitComparison, onSuccess: onSubmitted });
  const todo = missing(draft);
  const ready = todo.length === 0 && !submit.isPending;
  useRunKey(() => {
    if (ready) submit.mutate(draft);
  });
  return (
    <div className="sticky bottom-0 z-10 -mx-4 flex flex-col gap-2 border-line border-t bg-panel px-4 py-3 sm:mx-0 sm:rounded-lg sm:border">
      {submit.error && <ProblemNote error={submit.error} />}
      <div className="flex items-center justify-between gap-4">
        <p id={about} className="min-w-0 text-sm">
          {todo.length > 0 ? (
            <span className="text-muted">To start, add {listed(todo)}.</span>
          ) : (
            <CellCount draft={draft} />
          )}
          {uploading > 0 && (
            <span className="text-muted">
              {" "}
              {count(uploading, "video is", "videos are")} still being uploaded.
            </span>
          )}
        </p>
        <Button
          look="primary"
          className="min-w-28"
          disabled={!ready}
          aria-describedby={about}
          aria-keyshortcuts="Control+Enter Meta+Enter"
          onClick={() => submit.mutate(draft)}
        >
          {submit.isPending ? "Starting …" : "Run"}
          <kbd aria-hidden className="hidden font-sans text-xs opacity-80 sm:inline">
            {isApple() ? "⌘↵" : "Ctrl ↵"}
          </kbd>
        </Button>
      </div>
    </div>
  );
}

function CellCount({ draft }: { draft: Draft }) {
  const cells = countCells(draft);
  return (
    <>
      <span className="text-muted">
        {count(draft.videoIds.length, "video", "videos")} ×{" "}
        {count(written(draft.prompts).length, "prompt", "prompts")} ×{" "}
        {count(draft.models.length, "model", "models")} ={" "}
      </span>
      <strong className={cells > MANY_CELLS ? "text-warn" : ""}>{count(cells, "cell", "cells")}</strong>
      {cells > MANY_CELLS && <span className="text-warn"> – that may take long</span>}
    </>
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

function listed(parts: string[]): string {
  return parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
