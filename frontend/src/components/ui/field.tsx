import { type ReactNode, useId } from "react";

/** How every field to write in looks. */
export const FIELD =
  "min-h-9 w-full min-w-0 rounded-md border border-edge bg-panel px-2.5 py-1.5 text-sm aria-invalid:border-bad";

interface FieldProps {
  label: string;
  /** What may be written, in a few words. */
  hint?: string;
  /** Why what is written cannot be used. */
  problem?: string | undefined;
  children: (props: { id: string; "aria-describedby": string; "aria-invalid": boolean }) => ReactNode;
}

/** A labelled field with a hint or its problem below. */
export function Field({ label, hint, problem, children }: FieldProps) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      {children({ id, "aria-describedby": `${id}-about`, "aria-invalid": problem !== undefined })}
      <span id={`${id}-about`} className={`text-xs ${problem ? "text-bad" : "text-muted"}`}>
        {problem ?? hint}
      </span>
    </div>
  );
}
