import { Button } from "@/components/ui/button";
import { Note } from "@/components/ui/note";

interface ProblemNoteProps {
  error: Error;
  /** What it is about, where the message does not say. */
  title?: string;
  onRetry?: () => void;
}

/** Shows what went wrong in the API's own words. */
export function ProblemNote({ error, title, onRetry }: ProblemNoteProps) {
  return (
    <Note
      tone="bad"
      urgent
      {...(title ? { title } : {})}
      action={onRetry && <Button onClick={onRetry}>Try again</Button>}
    >
      {error.message}
    </Note>
  );
}
