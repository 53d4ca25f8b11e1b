import { Upload as UploadIcon } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { uploads } from "@/features/videos/uploads";

/** Takes videos dropped anywhere on the screen, or chosen from the disk. */
export function DropZone() {
  const over = useFileDrop((files) => uploads.add(files));
  const input = useRef<HTMLInputElement>(null);
  return (
    <label
      className={`flex cursor-pointer flex-wrap items-center justify-center gap-x-2 gap-y-0.5 rounded-md border border-dashed px-4 py-3 text-sm has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent ${over ? "border-accent bg-accent-soft" : "border-edge hover:bg-sunken"}`}
    >
      <UploadIcon aria-hidden className="size-4 text-muted" />
      <span className="font-medium text-accent">Choose videos</span>
      <span className="text-muted">or drop them anywhere on this page</span>
      <input
        ref={input}
        type="file"
        accept="video/*,.mkv,.mov,.avi,.webm,.mp4"
        multiple
        aria-label="Choose videos"
        className="sr-only"
        onChange={({ target }) => {
          uploads.add(target.files ?? []);
          target.value = "";
        }}
      />
    </label>
  );
}

/** Hears of files dropped on the page; true while some are held over it. */
function useFileDrop(onFiles: (files: FileList) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    const ended = new AbortController();
    const hold = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      latest.current(event.dataTransfer.files);
    };
    window.addEventListener("dragover", hold, { signal: ended.signal });
    window.addEventListener("dragleave", leave, { signal: ended.signal });
    window.addEventListener("drop", drop, { signal: ended.signal });
    return () => ended.abort();
  }, []);
  return over;
}
