import { Suspense, useCallback, useRef } from "react";
import { useSearchParams } from "wouter";
import { Button } from "@/components/ui/button";
import { ProblemNote } from "@/components/ui/problem-note";
import { AnswerGrid } from "@/features/results/answer-grid";
import { askedWith } from "@/features/results/asked-with";
import { isUploadId, uploadNames } from "@/features/results/awaited";
import { type CellDesk, useCellDesk } from "@/features/results/cell-desk";
import {
  CELL_FILTERS,
  type CellFilter,
  type CellRow,
  isCellFilter,
  passes,
  rowsOf,
} from "@/features/results/cell-rows";
import { CellToolbar, type Layout } from "@/features/results/cell-toolbar";
import { CellTotals } from "@/features/results/cell-totals";
import { type Comparison, rowHref } from "@/features/results/comparison";
import { KeptCalls } from "@/features/results/job-spending";
import { useVideosById } from "@/features/videos/queries";
import { seek, VideoPlayer } from "@/features/videos/video-player";
import type { Job, StepList, Video } from "@/lib/api/types";
import { later } from "@/lib/later";
import { useNarrow } from "@/lib/use-narrow";

const CellList = later(() =>
  import("@/features/results/cell-list").then(({ CellList }) => ({ default: CellList })),
);
const CellMatrix = later(() =>
  import("@/features/results/cell-matrix").then(({ CellMatrix }) => ({ default: CellMatrix })),
);

/** With more models than this, the answers need the room that a wide player would take. */
const WIDE_PLAYER_MODELS = 3;
const NEVER_CAME = "Never uploaded";
/** More cells than this are first shown in short. */
const READABLE_CELLS = 40;

interface ComparisonViewProps {
  comparison: Comparison;
  job: Job;
  steps: StepList;
}

/** A comparison's answers, in full beside their videos or in short as a matrix; which ones is in the address. */
export function ComparisonView({ comparison, job, steps }: ComparisonViewProps) {
  const desk = useCellDesk(job, steps, comparison);
  const asked = askedWith(job);
  const videos = useVideosById(comparison.videoIds.filter((id) => !isUploadId(id)));
  const files = uploadNames(steps);
  const nameOf = (id: string) => videos.get(id)?.name ?? files.get(id) ?? (isUploadId(id) ? NEVER_CAME : id);
  const rows = rowsOf(comparison, desk.cells);
  const { filter, layout, set } = useShown(rows.length * comparison.models.length);
  const Short = useNarrow() ? CellList : CellMatrix;
  const shown = rows.filter((row) => passes(row, filter, desk.ratings));
  const viewHref = (row: CellRow) => rowHref(job.job_id, row, comparison);
  return (
    <section aria-label="Cells" className="flex flex-col gap-4">
      <CellToolbar
        jobId={job.job_id}
        desk={desk}
        filter={filter}
        onFilter={(next) => set("show", next === "all" ? null : next)}
        counts={countRows(rows, desk)}
        layout={layout}
        onLayout={(next) => set("layout", next)}
      >
        <CellTotals comparison={comparison} cells={desk.cells} awaited={desk.awaited} />
      </CellToolbar>
      {asked.length > 0 && <p className="-mt-2 text-muted text-sm">Asked {asked.join(" · ")}</p>}
      <KeptCalls job={job} />
      {desk.problem && <ProblemNote error={desk.problem} />}
      {shown.length === 0 && (
        <p className="flex items-center gap-3 text-muted text-sm">
          Nothing here: {CELL_FILTERS[filter].description.toLowerCase()}.
          <Button onClick={() => set("show", null)}>Show all</Button>
        </p>
      )}
      {layout === "matrix" && shown.length > 0 && (
        <Suspense fallback={<p role="status">Loading the matrix …</p>}>
          <Short desk={desk} rows={shown} videoNames={comparison.videoIds.map(nameOf)} viewHref={viewHref} />
        </Suspense>
      )}
      {layout === "answers" &&
        comparison.videoIds.map((id, index) => (
          <VideoAnswers
            key={id}
            id={id}
            name={nameOf(id)}
            video={videos.get(id)}
            rows={shown.filter(({ videoIndex }) => videoIndex === index)}
            desk={desk}
            viewHref={viewHref}
          />
        ))}
    </section>
  );
}

interface VideoAnswersProps {
  id: string;
  name: string;
  video: Video | undefined;
  rows: readonly CellRow[];
  desk: CellDesk;
  viewHref: (row: CellRow) => string;
}

function VideoAnswers({ id, name, video, rows, desk, viewHref }: VideoAnswersProps) {
  const few = desk.comparison.models.length <= WIDE_PLAYER_MODELS;
  const player = useRef<HTMLVideoElement>(null);
  const onSeek = useCallback((seconds: number) => seek(player.current, seconds), []);
  if (rows.length === 0) return null;
  return (
    <section aria-label={name} className="flex flex-col gap-3 lg:flex-row lg:gap-5">
      <div
        className={`-mx-4 flex flex-col gap-2 bg-canvas px-4 max-sm:sticky max-sm:top-14 max-sm:z-10 max-sm:py-2 sm:mx-0 sm:max-w-md sm:px-0 lg:sticky lg:top-16 lg:w-72 lg:shrink-0 lg:self-start ${few ? "xl:w-96" : ""}`}
      >
        <h2 className="truncate font-semibold">{name}</h2>
        {isUploadId(id) ? (
          <p className="flex aspect-video w-full items-center justify-center rounded-md bg-sunken text-muted text-sm">
            {desk.awaited ? "Not uploaded yet" : NEVER_CAME}
          </p>
        ) : (
          <VideoPlayer videoId={id} video={video} player={player} />
        )}
      </div>
      <div className="min-w-0 flex-1">
        <AnswerGrid
          desk={desk}
          rows={rows}
          duration={video?.duration ?? null}
          onSeek={onSeek}
          viewHref={viewHref}
        />
      </div>
    </section>
  );
}

/** Which rows are shown and how, as the address says. */
function useShown(cells: number) {
  const [search, setSearch] = useSearchParams();
  const show = search.get("show");
  const layout = search.get("layout");
  const set = (name: string, value: string | null) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === null) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const shownLayout: Layout =
    layout === "matrix" || layout === "answers" ? layout : cells > READABLE_CELLS ? "matrix" : "answers";
  return { filter: isCellFilter(show) ? show : "all", layout: shownLayout, set } as const;
}

function countRows(rows: readonly CellRow[], { ratings }: CellDesk): Record<CellFilter, number> {
  const many = (filter: CellFilter) => rows.filter((row) => passes(row, filter, ratings)).length;
  return { all: rows.length, failed: many("failed"), different: many("different"), unrated: many("unrated") };
}
