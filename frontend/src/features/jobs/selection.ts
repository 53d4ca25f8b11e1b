import { useCallback, useMemo, useState } from "react";
import type { JobSummary } from "@/lib/api/types";

export interface Selection {
  /** The chosen jobs that are still in the list. */
  ids: readonly string[];
  /** Whether it stands for every job that matches the filter, loaded or not. */
  all: boolean;
  has: (id: string) => boolean;
  toggle: (id: string) => void;
  /** Chooses all rows, or none if all are chosen. */
  toggleRows: () => void;
  chooseAll: () => void;
  clear: () => void;
}

/** Which rows of a list are chosen. */
export function useSelection(jobs: readonly JobSummary[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const ids = useMemo(
    () => jobs.map(({ job_id }) => job_id).filter((id) => all || chosen.has(id)),
    [jobs, chosen, all],
  );
  const choose = useCallback((next: Iterable<string>) => {
    setAll(false);
    setChosen(new Set(next));
  }, []);
  return {
    ids,
    all,
    has: (id) => all || chosen.has(id),
    toggle: (id) => choose(ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]),
    toggleRows: () => choose(ids.length === jobs.length ? [] : jobs.map(({ job_id }) => job_id)),
    chooseAll: () => setAll(true),
    clear: () => choose([]),
  };
}
