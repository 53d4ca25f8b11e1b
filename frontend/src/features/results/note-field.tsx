import { useState } from "react";

interface NoteFieldProps {
  label: string;
  note: string;
  onNote: (note: string) => void;
}

/** A note that is kept when the field is left. */
export function NoteField({ label, note, onNote }: NoteFieldProps) {
  const [written, setWritten] = useState<string | null>(null);
  return (
    <input
      aria-label={label}
      placeholder="Note"
      maxLength={2_000}
      value={written ?? note}
      onChange={({ target }) => setWritten(target.value)}
      onBlur={() => {
        if (written !== null && written !== note) onNote(written);
        setWritten(null);
      }}
      onKeyDown={({ key, currentTarget }) => key === "Enter" && currentTarget.blur()}
      className="min-h-8 min-w-24 flex-1 rounded-md border border-edge bg-panel px-2 text-sm"
    />
  );
}
