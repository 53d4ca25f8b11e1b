import { Ban, RotateCw, Trash2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { ConfirmButton } from "@/components/ui/confirm-button";
import { isActive } from "@/features/jobs/job-status";
import { jobTitle } from "@/features/jobs/job-title";
import { useDeleteJob, useJobAction } from "@/features/jobs/queries";
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

export function DeleteButton({ job, onProblem, onDeleted }: ActionProps & { onDeleted?: () => void }) {
  const remove = useDeleteJob(job.job_id);
  if (isActive(job)) return null;
  const start = () => {
    onProblem(null);
    remove.mutate(undefined, { onError: onProblem, onSuccess: () => onDeleted?.() });
  };
  return (
    <ConfirmButton
      action="Delete"
      label={`Delete ${jobTitle(job)}`}
      question="Delete this job?"
      icon={<Trash2 aria-hidden className="size-4" />}
      onConfirm={start}
    >
      “{jobTitle(job)}” and its answers are removed from the disk. Videos stay.
    </ConfirmButton>
  );
}
