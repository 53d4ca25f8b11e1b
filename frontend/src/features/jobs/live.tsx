import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { JobCache } from "@/features/jobs/job-cache";
import { apiUrl } from "@/lib/api/client";
import { type LiveMode, startLive } from "@/lib/live";

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
  useEffect(
    () =>
      startLive(apiUrl("events"), {
        onJob: (job) => cache.apply(job),
        onDeleted: (id) => cache.remove(id),
        onReset: () => cache.reset(),
        refetch: () => cache.refetch(),
        onMode: setMode,
      }),
    [cache],
  );
  return <LiveContext value={mode}>{children}</LiveContext>;
}
