import { X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { ProblemNote } from "@/components/ui/problem-note";
import { ProgressBar } from "@/components/ui/progress-bar";
import { type Upload, type UploadState, uploads } from "@/features/videos/uploads";
import { formatBytes, formatPercent } from "@/lib/format";

const WORDS: Record<UploadState, string> = {
  waiting: "Waiting",
  sending: "Uploading",
  checking: "Reading the video",
  done: "Uploaded",
  failed: "Failed",
};

export function UploadRow({ upload }: { upload: Upload }) {
  const remove = (
    <Button
      look="quiet"
      aria-label={`${upload.error ? "Dismiss" : "Stop uploading"} ${upload.name}`}
      onClick={() => uploads.remove(upload.id)}
    >
      <X aria-hidden className="size-4" />
    </Button>
  );
  if (upload.error) {
    return (
      <li className="flex items-start gap-1">
        <div className="min-w-0 flex-1">
          <ProblemNote title={upload.name} error={upload.error} />
        </div>
        {remove}
      </li>
    );
  }
  const percent = upload.size ? (100 * upload.sent) / upload.size : 0;
  return (
    <li className="flex items-center gap-2 text-sm">
      <div className="min-w-0 flex-1">
        <div className="mb-1 flex justify-between gap-3">
          <span className="truncate">{upload.name}</span>
          <span className="shrink-0 text-muted tabular-nums">
            {upload.state === "sending"
              ? `${formatPercent(percent)} of ${formatBytes(upload.size)}`
              : WORDS[upload.state]}
          </span>
        </div>
        <ProgressBar percent={percent} label={`Upload of ${upload.name}`} message={WORDS[upload.state]} />
      </div>
      {remove}
    </li>
  );
}
