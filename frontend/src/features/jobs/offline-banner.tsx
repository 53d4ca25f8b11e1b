import { useEffect, useState } from "react";
import { Note } from "@/components/ui/note";
import { useLiveMode } from "@/features/jobs/live";

/** A short gap, such as a restart, is not worth a banner; in milliseconds. */
const PATIENCE = 3_000;

/** Whether the server has been away long enough to say so. */
export function useAway(): boolean {
  const offline = useLiveMode() === "offline";
  const [away, setAway] = useState(false);
  useEffect(() => {
    if (!offline) return setAway(false);
    const timer = setTimeout(() => setAway(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [offline]);
  return away;
}

export function OfflineBanner() {
  return (
    <Note tone="warn" title="The server does not answer">
      What you see is the last that is known. Updates resume by themselves. If the server was stopped, start
      it again: no job is lost.
    </Note>
  );
}
