import { Ban, CircleCheck, CircleX, Clock, LoaderCircle, type LucideIcon } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { Tone } from "@/components/ui/tone";
import type { JobStatus, JobSummary } from "@/lib/api/types";

interface StatusLook {
  word: string;
  description: string;
  icon: LucideIcon;
  tone: Tone;
  /** Shown before the title in the browser's tab. */
  mark: string;
}

/** All that the eye sees of a job's status. */
export const STATUS_LOOKS: Record<JobStatus, StatusLook> = {
  pending: { word: "Pending", description: "Waits for its turn", icon: Clock, tone: "quiet", mark: "" },
  running: { word: "Running", description: "At work", icon: LoaderCircle, tone: "busy", mark: "" },
  completed: { word: "Completed", description: "Done", icon: CircleCheck, tone: "good", mark: "✓ " },
  failed: { word: "Failed", description: "Ended with an error", icon: CircleX, tone: "bad", mark: "✗ " },
  cancelled: { word: "Cancelled", description: "Stopped on request", icon: Ban, tone: "quiet", mark: "" },
};

export const STATUSES = Object.keys(STATUS_LOOKS) as JobStatus[];

export function isStatus(value: string | null): value is JobStatus {
  return value !== null && Object.hasOwn(STATUS_LOOKS, value);
}

export function isActive({ status }: Pick<JobSummary, "status">): boolean {
  return status === "pending" || status === "running";
}

export function StatusBadge({ job }: { job: Pick<JobSummary, "status" | "cancel_requested"> }) {
  const look = STATUS_LOOKS[job.status];
  const word = isActive(job) && job.cancel_requested ? "Cancelling" : look.word;
  return (
    <Badge
      icon={look.icon}
      word={word}
      tone={look.tone}
      title={look.description}
      spinning={job.status === "running"}
    />
  );
}
