import { Ban, RotateCw, Trash2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { deletion } from "@/features/jobs/deletion";
import { isActive } from "@/features/jobs/job-status";
import { jobTitle } from "@/features/jobs/job-title";
import { useJobAction } from "@/features/jobs/queries";
import type { JobSummary } from "@/lib/api/types";

interface ActionProps {
  job: JobSummary;
  onProblem: (error: Error | null) => void;
}

export function CancelButton({ job, onProblem, compact = false }: ActionProps & { compact?: boolean }) {
  const cancel = useJobAction(job.job_id, "cancel");
  if (!isActive(job)) return null;
  const start = () => {
    onProblem(null);
    cancel.mutate(undefined, { onError: onProblem });
  };
  const asked = cancel.isPending || job.cancel_requested;
  if (compact) {
    return (
      <Button look="quiet" aria-label={`Cancel ${jobTitle(job)}`} disabled={asked} onClick={start}>
        <Ban aria-hidden className="size-4" />
      </Button>
    );
  }
  return (
    <Button disabled={asked} onClick={start}>
      <Ban aria-hidden className="size-4" />
      Cancel
    </Button>
  );
}

export function RetryButton({ job, onProblem }: ActionProps) {
  const retry = useJobAction(job.job_id, "retry");
  if (job.status !== "failed" && job.status !== "cancelled") return null;
  const start = () => {
    onProblem(null);
    retry.mutate(undefined, { onError: onProblem });
  };
  return (
    <Button look="primary" disabled={retry.isPending} onClick={start}>
      <RotateCw aria-hidden className="size-4" />
      Retry
    </Button>
  );
}

interface DeleteProps {
  job: JobSummary;
  onDeleted?: () => void;
}

/** Deletes without asking, because it can be taken back for a while. */
export function DeleteButton({ job, onDeleted }: DeleteProps) {
  if (isActive(job)) return null;
  return (
    <Button
      look="quiet"
      aria-label={`Delete ${jobTitle(job)}`}
      onClick={() => {
        deletion.delete([job.job_id]);
        onDeleted?.();
      }}
    >
      <Trash2 aria-hidden className="size-4" />
    </Button>
  );
}
