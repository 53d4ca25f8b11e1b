import { Link2, MoreHorizontal, Star, StarOff } from "lucide-react";
import { Menu, type MenuItem } from "@/components/ui/menu";
import { toasts } from "@/components/ui/toasts";
import { CancelButton, DeleteButton, RetryButton } from "@/features/jobs/job-actions";
import { StatusBadge } from "@/features/jobs/job-status";
import { jobTitle } from "@/features/jobs/job-title";
import { NotifyButton } from "@/features/jobs/notify-button";
import { useEditJob } from "@/features/jobs/queries";
import type { Job } from "@/lib/api/types";

interface JobHeaderProps {
  job: Job;
  onProblem: (error: Error | null) => void;
  onDeleted: () => void;
}

export function JobHeader({ job, onProblem, onDeleted }: JobHeaderProps) {
  const edit = useEditJob(job.job_id);
  const keep: MenuItem = {
    word: job.keep ? "Do not keep for ever" : "Keep: no cleanup deletes it",
    icon: job.keep ? <StarOff aria-hidden className="size-4" /> : <Star aria-hidden className="size-4" />,
    run: () => edit.mutate({ keep: !job.keep }, { onError: onProblem }),
  };
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-2 sm:flex-nowrap sm:items-start">
      <h1 className="wrap-anywhere min-w-0 font-semibold text-xl sm:pt-0.5">{jobTitle(job)}</h1>
      <span role="status" className="flex shrink-0 sm:pt-1.5">
        <StatusBadge job={job} />
      </span>
      {job.keep && (
        <Star role="img" aria-label="Kept" className="size-4 shrink-0 fill-current text-warn sm:mt-2" />
      )}
      <div className="ml-auto flex shrink-0 flex-wrap gap-2">
        <CancelButton job={job} onProblem={onProblem} />
        <RetryButton job={job} onProblem={onProblem} />
        <NotifyButton job={job} />
        <Menu label="More" items={[...permalink(), keep]}>
          <MoreHorizontal aria-hidden className="size-4" />
        </Menu>
        <DeleteButton job={job} onDeleted={onDeleted} />
      </div>
    </header>
  );
}

/** Pages that were not served safely may not write to the clipboard. */
function permalink(): MenuItem[] {
  if (!navigator.clipboard) return [];
  const run = async () => {
    await navigator.clipboard.writeText(location.href);
    toasts.show("Link copied");
  };
  return [{ word: "Copy the link", icon: <Link2 aria-hidden className="size-4" />, run }];
}
