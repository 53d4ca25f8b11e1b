import { X } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { Unfinished } from "@/features/videos/unfinished";
import { formatBytes } from "@/lib/format";

interface UnfinishedRowProps {
  upload: Unfinished;
  onForget: () => void;
}

/** An upload from an earlier visit: the page cannot reach the file again without its owner. */
export function UnfinishedRow({ upload: { name, size }, onForget }: UnfinishedRowProps) {
  return (
    <li className="flex items-center gap-2 rounded-md bg-warn-soft py-1 pr-1 pl-3 text-sm">
      <p className="min-w-0 flex-1">
        <span className="font-medium wrap-anywhere">{name}</span>{" "}
        <span className="text-muted">({formatBytes(size)})</span> is half uploaded. Choose the same file again
        to continue.
      </p>
      <Button look="quiet" aria-label={`Forget the upload of ${name}`} onClick={onForget}>
        <X aria-hidden className="size-4" />
      </Button>
    </li>
  );
}
