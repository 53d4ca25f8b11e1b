import { useReducer } from "react";
import { DropZone } from "@/features/videos/drop-zone";
import { forgetUnfinished, unfinishedUploads } from "@/features/videos/unfinished";
import { UnfinishedRow } from "@/features/videos/unfinished-row";
import { UploadRow } from "@/features/videos/upload-row";
import type { Upload } from "@/features/videos/uploads";

/** What is being uploaded, what an earlier visit left half uploaded, and the way to upload more. */
export function UploadArea({ uploads }: { uploads: readonly Upload[] }) {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const waiting = unfinishedUploads().filter(
    ({ name, size }) => !uploads.some((upload) => upload.name === name && upload.size === size),
  );
  return (
    <>
      {uploads.length + waiting.length > 0 && (
        <ul aria-label="Uploads" className="flex flex-col gap-2">
          {uploads.map((upload) => (
            <UploadRow key={upload.id} upload={upload} />
          ))}
          {waiting.map((upload) => (
            <UnfinishedRow
              key={upload.key}
              upload={upload}
              onForget={() => {
                forgetUnfinished(upload);
                redraw();
              }}
            />
          ))}
        </ul>
      )}
      <DropZone />
    </>
  );
}
