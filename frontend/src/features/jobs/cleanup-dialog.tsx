import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ProblemNote } from "@/components/ui/problem-note";
import { toasts } from "@/components/ui/toasts";
import { jobKeys } from "@/features/jobs/job-cache";
import { apiPost } from "@/lib/api/client";
import type { Cleanup } from "@/lib/api/types";
import { count, formatBytes } from "@/lib/format";

const WEEK = "7";

/** Deletes what ended long ago, after saying how much that is. */
export function CleanupDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [written, setWritten] = useState(WEEK);
  const days = useDeferredValue(written.trim() === "" ? Number.NaN : Number(written));
  const valid = Number.isFinite(days) && days >= 0;
  const dryRun = useQuery({
    queryKey: ["cleanup", days],
    queryFn: () => cleanUp(days, true),
    enabled: valid,
    gcTime: 0,
  });
  const act = useMutation({
    mutationFn: () => cleanUp(days, false),
    onSuccess: ({ jobs, bytes }) => {
      toasts.show(`${count(jobs, "job", "jobs")} deleted, ${formatBytes(bytes)} freed`);
      void client.invalidateQueries({ queryKey: jobKeys.all });
      onClose();
    },
  });
  const found = dryRun.data;
  const error = act.error ?? dryRun.error;
  return (
    <Dialog title="Clean up" onClose={onClose}>
      <form
        className="mt-2 flex flex-col gap-3 text-sm"
        onSubmit={(event) => {
          event.preventDefault();
          if (found && found.jobs > 0) act.mutate();
        }}
      >
        <label className="flex flex-wrap items-center gap-2">
          Delete jobs that ended more than
          <input
            type="number"
            aria-label="Days"
            min={0}
            step={1}
            value={written}
            onChange={({ target }) => setWritten(target.value)}
            className="w-20 rounded-md border border-edge bg-panel px-2 py-1"
          />
          days ago
        </label>
        <p role="status" className="rounded-md bg-sunken px-3 py-2">
          {!valid && "Enter a number of days."}
          {valid && !found && !error && "Counting …"}
          {found &&
            (found.jobs === 0
              ? "No job is that old."
              : `${count(found.jobs, "job", "jobs")}, ${formatBytes(found.bytes)}`)}
        </p>
        <p className="text-muted">Jobs marked “Keep” and those that have not ended stay.</p>
        {error && <ProblemNote error={error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep all</Button>
          <Button type="submit" look="danger" disabled={!found || found.jobs === 0 || act.isPending}>
            {found && found.jobs > 0 ? `Delete ${count(found.jobs, "job", "jobs")}` : "Delete"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function cleanUp(days: number, dryRun: boolean): Promise<Cleanup> {
  return apiPost<Cleanup>(`jobs/cleanup?days=${days}&dry_run=${dryRun}`);
}
