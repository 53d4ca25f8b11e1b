import { Bell, BellRing } from "lucide-react";
import { Button } from "@/components/ui/button";
import { toasts } from "@/components/ui/toasts";
import { isActive } from "@/features/jobs/job-status";
import { canNotify, useWishes, wishes } from "@/features/jobs/notify";
import type { JobSummary } from "@/lib/api/types";

/** Asks for the browser's permission only here: when somebody wants to be told. */
export function NotifyButton({ job }: { job: JobSummary }) {
  const wished = useWishes().includes(job.job_id);
  if (!isActive(job) || !canNotify()) return null;
  const press = async () => {
    if (wished) return wishes.remove(job.job_id);
    if ((await Notification.requestPermission()) === "granted") return wishes.add(job.job_id);
    toasts.show("This browser blocks notifications of this page: its settings can allow them.", {
      tone: "bad",
    });
  };
  const Icon = wished ? BellRing : Bell;
  return (
    <Button aria-pressed={wished} onClick={press}>
      <Icon aria-hidden className="size-4" />
      Notify me
    </Button>
  );
}
