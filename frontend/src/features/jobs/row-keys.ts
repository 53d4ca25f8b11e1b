import { useEffect, useRef } from "react";
import { useLocation } from "wouter";
import type { Selection } from "@/features/jobs/selection";
import type { JobSummary } from "@/lib/api/types";
import { useHotkeys } from "@/lib/hotkeys";

/** j and k walk through the rows, one for each press however fast they come; x chooses, o or Enter opens. */
export function useRowKeys(
  jobs: readonly JobSummary[],
  bringIn: (index: number) => void,
  selection: Selection,
  jobHref: (id: string) => string,
): void {
  const [, navigate] = useLocation();
  /** Where the keys have come to, also while that row is not in the page (yet, or any more). */
  const at = useRef<string | null>(null);
  const awaited = useRef(false);
  useEffect(() => {
    if (awaited.current && at.current !== null) awaited.current = !focusRow(at.current);
  });

  const here = () => (awaited.current ? at.current : (focused() ?? at.current));
  const walk = (step: number) => {
    const from = jobs.findIndex(({ job_id }) => job_id === here());
    const index = Math.min(jobs.length - 1, Math.max(0, from + step));
    const next = jobs[index];
    if (!next) return;
    at.current = next.job_id;
    awaited.current = !focusRow(next.job_id);
    if (awaited.current) bringIn(index);
  };
  const withRow = (act: (id: string) => void) => () => {
    const id = awaited.current ? at.current : focused();
    if (id) act(id);
  };
  useHotkeys([
    { keys: "j", does: "Next job", run: () => walk(1) },
    { keys: "k", does: "Previous job", run: () => walk(-1) },
    { keys: "x", does: "Select or unselect the job", run: withRow(selection.toggle) },
    { keys: "o", does: "Open the job (or Enter)", run: withRow((id) => navigate(jobHref(id))) },
  ]);
}

function focused(): string | null {
  return (document.activeElement as HTMLElement | null)?.dataset.job ?? null;
}

/** Goes to the row of a job; false while it is not in the page. */
function focusRow(id: string): boolean {
  const row = document.querySelector<HTMLElement>(`[data-job="${id}"]`);
  row?.focus({ preventScroll: true });
  row?.closest("li")?.scrollIntoView({ block: "nearest" });
  return row !== null;
}
