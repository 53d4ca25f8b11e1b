import { type ReactNode, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

interface ConfirmDialogProps {
  question: string;
  /** What the button says that goes ahead, for example "Delete". */
  action: string;
  /** A number to type first, where much is at stake. */
  typed?: number | null;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something that cannot be taken back. */
export function ConfirmDialog({
  question,
  action,
  typed = null,
  onConfirm,
  onClose,
  children,
}: ConfirmDialogProps) {
  const field = useId();
  const [written, setWritten] = useState("");
  const sure = typed === null || written.trim() === String(typed);
  return (
    <Dialog title={question} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!sure) return;
          onClose();
          onConfirm();
        }}
      >
        <div className="text-muted text-sm">{children}</div>
        {typed !== null && (
          <p className="mt-3 flex items-center gap-2 text-sm">
            <label htmlFor={field}>To go ahead, type {typed}</label>
            <input
              id={field}
              inputMode="numeric"
              autoComplete="off"
              value={written}
              onChange={({ target }) => setWritten(target.value)}
              className="w-24 rounded-md border border-edge bg-panel px-2 py-1"
            />
          </p>
        )}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={onClose}>Keep</Button>
          <Button type="submit" look="danger" disabled={!sure}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
