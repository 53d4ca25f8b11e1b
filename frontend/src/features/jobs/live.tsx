import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { JobCache, type JobChange } from "@/features/jobs/job-cache";
import { apiUrl } from "@/lib/api/client";
import { InBatches } from "@/lib/in-batches";
import { type LiveMode, startLive } from "@/lib/live";

/** The page changes at most this often, in milliseconds, however much happens. */
const PAUSE = 100;

const LiveContext = createContext<LiveMode>("connecting");

/** How this page is kept up to date at the moment. */
export function useLiveMode(): LiveMode {
  return useContext(LiveContext);
}

/** Keeps all that is shown below it up to date. */
export function Live({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [cache] = useState(() => new JobCache(client));
  const [mode, setMode] = useState<LiveMode>("connecting");
  useEffect(() => {
    const changes = new InBatches<JobChange>((batch) => cache.apply(batch), PAUSE);
    const end = startLive(apiUrl("events"), {
      onJob: (job) => changes.add({ job }),
      onDeleted: (id) => changes.add({ deleted: id }),
      onReset: () => {
        changes.flush();
        cache.reset();
      },
      refetch: () => cache.refetch(),
      onMode: setMode,
    });
    return () => {
      end();
      changes.flush();
      changes.stop();
    };
  }, [cache]);
  return <LiveContext value={mode}>{children}</LiveContext>;
}
