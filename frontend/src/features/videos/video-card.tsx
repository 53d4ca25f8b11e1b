import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { Age } from "@/components/ui/age";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Poster } from "@/features/videos/poster";
import { fileUrl, useDeleteVideo } from "@/features/videos/queries";
import { ApiProblem } from "@/lib/api/client";
import type { Video } from "@/lib/api/types";
import { count, formatBytes, formatClock } from "@/lib/format";

interface VideoCardProps {
  video: Video;
  /** In how many jobs it is used; undefined until they are counted. */
  usedIn: number | undefined;
  compareHref: string;
  jobHref: (id: string) => string;
}

/** One stored video: what it is, what it is used for, what may be done with it. */
export function VideoCard({ video, usedIn, compareHref, jobHref }: VideoCardProps) {
  const [asking, setAsking] = useState(false);
  const remove = useDeleteVideo(video.video_id);
  const inUse = remove.error instanceof ApiProblem && remove.error.status === 409;
  const used = usedIn === undefined ? null : count(usedIn, "job", "jobs");
  return (
    <article
      aria-label={video.name}
      className="flex min-w-0 flex-1 overflow-hidden rounded-lg max-sm:items-center border border-line bg-panel sm:flex-col"
    >
      <a
        href={fileUrl(video.video_id)}
        target="_blank"
        rel="noreferrer"
        aria-label={`Play ${video.name}`}
        className="relative block max-sm:w-2/5 max-sm:shrink-0 max-sm:self-start"
      >
        <Poster id={video.video_id} />
        {video.duration !== null && (
          <span className="absolute right-1.5 bottom-1.5 rounded bg-black/75 px-1 text-white text-xs tabular-nums">
            {formatClock(Math.round(video.duration))}
          </span>
        )}
      </a>
      <div className="flex min-w-0 flex-1 flex-col gap-1 p-3">
        <h2 className="line-clamp-2 wrap-anywhere font-semibold text-sm" title={video.name}>
          {video.name}
        </h2>
        <p className="text-muted text-xs">
          {video.width}×{video.height}
          {video.fps !== null && ` · ${Math.round(video.fps)} fps`} · {codecs(video)} ·{" "}
          {formatBytes(video.size)}
        </p>
        <p className="text-muted text-xs">
          Uploaded <Age at={video.uploaded_at} />
          {used && ` · ${usedIn === 0 ? "not used yet" : `used in ${used}`}`}
        </p>
        {remove.error && !inUse && (
          <p role="alert" className="text-bad text-xs">
            {remove.error.message}
          </p>
        )}
        <div className="mt-auto flex items-center justify-between pt-2">
          <Link
            href={compareHref}
            className="inline-flex min-h-9 items-center font-medium text-accent text-sm underline"
          >
            Compare models
          </Link>
          <Button look="quiet" aria-label={`Delete ${video.name}`} onClick={() => setAsking(true)}>
            <Trash2 aria-hidden className="size-4" />
          </Button>
        </div>
      </div>
      {asking && (
        <ConfirmDialog
          question="Delete this video?"
          action="Delete"
          onConfirm={() => remove.mutate(false)}
          onClose={() => setAsking(false)}
        >
          “{video.name}” is removed from the disk.{" "}
          {usedIn
            ? `${used} used it: their answers stay, but the video can no longer be seen beside them.`
            : ""}
        </ConfirmDialog>
      )}
      {inUse && (
        <ConfirmDialog
          question="This video is in use"
          action="Delete anyway"
          onConfirm={() => remove.mutate(true)}
          onClose={remove.reset}
        >
          These jobs have not finished and need it:{" "}
          {jobsOf(remove.error).map((id) => (
            <Link key={id} href={jobHref(id)} className="mr-2 text-accent underline">
              {id}
            </Link>
          ))}
          If it is deleted anyway, their cells fail.
        </ConfirmDialog>
      )}
    </article>
  );
}

function codecs({ codec, audio_codec }: Video): string {
  return [codec.toUpperCase(), audio_codec?.toUpperCase() ?? "no sound"].join(" + ");
}

/** The jobs that a refusal names. */
function jobsOf(error: Error | null): string[] {
  const jobs = error instanceof ApiProblem ? error.members.jobs : null;
  return Array.isArray(jobs) ? jobs.map(String) : [];
}
