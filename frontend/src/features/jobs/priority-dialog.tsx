import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { FIELD, Field } from "@/components/ui/field";
import { count } from "@/lib/format";

/** As the API takes them. */
const [LOWEST, HIGHEST] = [-1_000, 1_000];

interface PriorityDialogProps {
  /** How many jobs get it. */
  number: number;
  onSet: (priority: number) => void;
  onClose: () => void;
}

/** Asks which priority jobs that wait are to have. */
export function PriorityDialog({ number, onSet, onClose }: PriorityDialogProps) {
  const [written, setWritten] = useState("0");
  const priority = Number(written);
  const fits =
    written.trim() !== "" && Number.isInteger(priority) && priority >= LOWEST && priority <= HIGHEST;
  return (
    <Dialog title={`Priority of ${count(number, "waiting job", "waiting jobs")}`} onClose={onClose}>
      <form
        className="mt-3 flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!fits) return;
          onClose();
          onSet(priority);
        }}
      >
        <Field
          label="Priority"
          hint="Higher starts first; 0 is usual. Jobs that have started keep theirs."
          problem={fits ? undefined : `A whole number from ${LOWEST} to ${HIGHEST}`}
        >
          {(props) => (
            <input
              {...props}
              type="number"
              step={1}
              min={LOWEST}
              max={HIGHEST}
              value={written}
              onChange={({ target }) => setWritten(target.value)}
              className={FIELD}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep</Button>
          <Button type="submit" look="primary" disabled={!fits}>
            Set priority
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
