import { useEffect } from "react";
import { isActive, STATUS_LOOKS } from "@/features/jobs/job-status";
import { jobTitle } from "@/features/jobs/job-title";
import { notify, useWishes, wishes } from "@/features/jobs/notify";
import { useJob } from "@/features/jobs/queries";
import { isMissing } from "@/lib/api/client";

interface JobNotifierProps {
  onOpen: (jobId: string) => void;
}

/** Tells of the end of each job that somebody wants to hear of, unless the page is looked at. */
export function JobNotifier({ onOpen }: JobNotifierProps) {
  return useWishes().map((id) => <Watch key={id} id={id} onOpen={onOpen} />);
}

function Watch({ id, onOpen }: { id: string } & JobNotifierProps) {
  const { data: job, error } = useJob(id);
  useEffect(() => {
    if (isMissing(error)) wishes.remove(id);
    if (!job || isActive(job)) return;
    wishes.remove(id);
    const { word, mark } = STATUS_LOOKS[job.status];
    if (document.hidden) notify(id, `${mark}${jobTitle(job)}`, job.error ?? word, () => onOpen(id));
  }, [id, job, error, onOpen]);
  return null;
}
