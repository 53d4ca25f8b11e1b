import { Pause, Play, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { ProblemNote } from "@/components/ui/problem-note";
import { ProgressBar } from "@/components/ui/progress-bar";
import { type Upload, type UploadState, uploads } from "@/features/videos/uploads";
import { formatBytes, formatPercent, formatSeconds } from "@/lib/format";

const WORDS: Record<UploadState, string> = {
  waiting: "Waiting",
  sending: "Uploading",
  paused: "Paused",
  stalled: "Waiting for the network, continues by itself",
  checking: "Reading the video",
  done: "Uploaded",
  failed: "Failed",
};

/** One upload: how far it is, and what may be done with it. */
export function UploadRow({ upload }: { upload: Upload }) {
  const { id, name, size, sent, state, error } = upload;
  const remove = (
    <Button
      look="quiet"
      aria-label={`${error ? "Dismiss" : "Stop uploading"} ${name}`}
      onClick={() => uploads.remove(id)}
    >
      <X aria-hidden className="size-4" />
    </Button>
  );
  if (error) {
    return (
      <li className="flex items-start gap-1">
        <div className="min-w-0 flex-1">
          <ProblemNote title={name} error={error} />
        </div>
        {remove}
      </li>
    );
  }
  return (
    <li className="flex items-center gap-1 text-sm">
      <div className="mr-1 min-w-0 flex-1">
        <div className="mb-1 flex flex-wrap justify-between gap-x-3">
          <span className="truncate">{name}</span>
          <span className={`tabular-nums ${state === "stalled" ? "text-warn" : "text-muted"}`}>
            {state === "sending" ? pace(upload) : WORDS[state]}
          </span>
        </div>
        <ProgressBar
          percent={size ? (100 * sent) / size : 0}
          label={`Upload of ${name}`}
          message={WORDS[state]}
        />
      </div>
      <PauseButton upload={upload} />
      {remove}
    </li>
  );
}

function PauseButton({ upload: { id, name, state, pausable } }: { upload: Upload }) {
  if (!pausable) return null;
  if (state === "paused") {
    return (
      <Button look="quiet" aria-label={`Continue uploading ${name}`} onClick={() => uploads.resume(id)}>
        <Play aria-hidden className="size-4" />
      </Button>
    );
  }
  if (state !== "sending" && state !== "stalled") return null;
  return (
    <Button look="quiet" aria-label={`Pause uploading ${name}`} onClick={() => uploads.pause(id)}>
      <Pause aria-hidden className="size-4" />
    </Button>
  );
}

/** "62% of 300 MB · 41 MB/s · 20 s left". */
function pace({ size, sent, speed }: Upload): string {
  const parts = [`${formatPercent(size ? (100 * sent) / size : 0)} of ${formatBytes(size)}`];
  if (speed) parts.push(`${formatBytes(speed)}/s`, `${formatSeconds(Math.ceil((size - sent) / speed))} left`);
  return parts.join(" · ");
}
