import { Button } from "@/components/ui/button";
import { Note } from "@/components/ui/note";
import { ApiProblem } from "@/lib/api/client";

interface ProblemNoteProps {
  error: Error;
  onRetry?: () => void;
}

/** Shows what went wrong in the API's own words. */
export function ProblemNote({ error, onRetry }: ProblemNoteProps) {
  const title = error instanceof ApiProblem ? error.title : undefined;
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
