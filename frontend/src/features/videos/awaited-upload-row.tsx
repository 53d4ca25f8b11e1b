import { useState } from "react";
import { ProgressBar } from "@/components/ui/progress-bar";
import { UploadRow } from "@/features/videos/upload-row";
import { uploads } from "@/features/videos/uploads";
import { useUploadList } from "@/features/videos/use-uploads";
import type { AwaitedUpload } from "@/lib/api/types";
import { formatBytes, formatPercent } from "@/lib/format";

interface AwaitedUploadRowProps {
  uploadId: string;
  upload: AwaitedUpload;
}

/** An upload that somebody waits for: sent from this page, or to be continued here with the same file. */
export function AwaitedUploadRow({ uploadId, upload }: AwaitedUploadRowProps) {
  const own = useUploadList().find((each) => each.uploadId === uploadId);
  if (own && own.state !== "done") return <UploadRow upload={own} />;
  return <FromElsewhere uploadId={uploadId} upload={upload} isStored={own !== undefined} />;
}

function FromElsewhere({ uploadId, upload, isStored }: AwaitedUploadRowProps & { isStored: boolean }) {
  const { name, sent, size } = upload;
  const [problem, setProblem] = useState("");
  const percent = size ? (100 * sent) / size : 0;
  const choose = (file: File | undefined) => {
    if (!file) return;
    const fits = file.name === name && file.size === size;
    setProblem(fits ? "" : `${file.name} (${formatBytes(file.size)}) is another file than ${name}.`);
    if (fits) uploads.resumeWith(file, uploadId);
  };
  return (
    <li className="flex flex-col gap-1 text-sm">
      <div className="flex flex-wrap justify-between gap-x-3">
        <span className="wrap-anywhere">{name}</span>
        <span className="text-muted tabular-nums">
          {formatPercent(percent)} of {formatBytes(size)}
        </span>
      </div>
      <ProgressBar percent={percent} label={`Upload of ${name}`} message={formatPercent(percent)} />
      {sent < size && !isStored && (
        <p className="text-muted">
          Not sent from this page. If no other page sends it,{" "}
          <label className="cursor-pointer font-medium text-accent underline has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent">
            choose the same file
            <input
              type="file"
              aria-label={`Choose ${name} again`}
              className="sr-only"
              onChange={({ target }) => {
                choose(target.files?.[0]);
                target.value = "";
              }}
            />
          </label>{" "}
          to continue.
        </p>
      )}
      {problem && (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
    </li>
  );
}
