import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { BulkAction } from "@/features/jobs/bulk";
import { count } from "@/lib/format";

/** Above this many jobs, an action that destroys asks for the number. */
export const FEW = 20;

const QUESTIONS = {
  cancel: { word: "Cancel", effect: "Those that wait or run are stopped. What is done is kept." },
  retry: { word: "Retry", effect: "Those that failed or were cancelled run again. What is done is kept." },
  delete: {
    word: "Delete",
    effect: "Those that have ended are removed from the disk with their results, at once.",
  },
} as const;

interface BulkConfirmProps {
  action: Exclude<BulkAction, "edit">;
  /** How many jobs it would reach. */
  number: number;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something is done with many jobs. */
export function BulkConfirm({ action, number, onConfirm, onClose }: BulkConfirmProps) {
  const { word, effect } = QUESTIONS[action];
  return (
    <ConfirmDialog
      question={`${word} ${count(number, "job", "jobs")}?`}
      action={word}
      typed={action !== "retry" && number > FEW ? number : null}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      {effect}
    </ConfirmDialog>
  );
}
