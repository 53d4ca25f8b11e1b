import { useCallback, useRef } from "react";
import { isActive } from "@/features/jobs/job-status";
import { AnswerGrid } from "@/features/results/answer-grid";
import { CellTotals } from "@/features/results/cell-totals";
import { type Comparison, finishedCells } from "@/features/results/comparison";
import { useVideosById } from "@/features/videos/queries";
import { seek, VideoPlayer } from "@/features/videos/video-player";
import type { Cell, Job, Step, Video } from "@/lib/api/types";

/** With more models than this, the answers need the room that a wide player would take. */
const WIDE_PLAYER_MODELS = 3;

interface ComparisonViewProps {
  comparison: Comparison;
  job: Job;
  steps: Step[];
}

/** A comparison's answers: each video's player beside what the models said of it. */
export function ComparisonView({ comparison, job, steps }: ComparisonViewProps) {
  const videos = useVideosById(comparison.videoIds);
  const cells = finishedCells(job, steps);
  return (
    <section aria-label="Cells" className="flex flex-col gap-6">
      <CellTotals comparison={comparison} cells={cells} awaited={isActive(job)} />
      {comparison.videoIds.map((id, index) => (
        <VideoAnswers
          key={id}
          id={id}
          index={index}
          video={videos.get(id)}
          comparison={comparison}
          cells={cells}
          awaited={isActive(job)}
        />
      ))}
    </section>
  );
}

interface VideoAnswersProps {
  id: string;
  index: number;
  video: Video | undefined;
  comparison: Comparison;
  cells: Map<string, Cell>;
  awaited: boolean;
}

function VideoAnswers({ id, index, video, comparison, cells, awaited }: VideoAnswersProps) {
  const few = comparison.models.length <= WIDE_PLAYER_MODELS;
  const player = useRef<HTMLVideoElement>(null);
  const onSeek = useCallback((seconds: number) => seek(player.current, seconds), []);
  return (
    <section aria-label={video?.name ?? id} className="flex flex-col gap-3 lg:flex-row lg:gap-5">
      <div
        className={`-mx-4 flex flex-col gap-2 bg-canvas px-4 max-sm:sticky max-sm:top-14 max-sm:z-10 max-sm:py-2 sm:mx-0 sm:max-w-md sm:px-0 lg:sticky lg:top-16 lg:w-72 lg:shrink-0 lg:self-start ${few ? "xl:w-96" : ""}`}
      >
        <h2 className="truncate font-semibold">{video?.name ?? id}</h2>
        <VideoPlayer videoId={id} video={video} player={player} />
      </div>
      <div className="min-w-0 flex-1">
        <AnswerGrid
          comparison={comparison}
          videoIndex={index}
          cells={cells}
          awaited={awaited}
          duration={video?.duration ?? null}
          onSeek={onSeek}
        />
      </div>
    </section>
  );
}
