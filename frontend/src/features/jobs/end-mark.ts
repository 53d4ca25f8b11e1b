import { useEffect, useState } from "react";
import { isActive, STATUS_LOOKS } from "@/features/jobs/job-status";
import type { JobSummary } from "@/lib/api/types";

/** "✓ " or "✗ " from when a job ends behind the person's back until they look. */
export function useEndMark(job: JobSummary | undefined): string {
  const active = job ? isActive(job) : null;
  const [before, setBefore] = useState(active);
  const [unseen, setUnseen] = useState(false);
  if (active !== before) {
    setBefore(active);
    setUnseen(before === true && active === false && document.hidden);
  }
  useEffect(() => {
    if (!unseen) return;
    const look = () => !document.hidden && setUnseen(false);
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [unseen]);
  return job && unseen ? STATUS_LOOKS[job.status].mark : "";
}
