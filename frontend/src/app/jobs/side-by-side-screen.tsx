import { ArrowLeft, ChevronLeft, ChevronRight, EyeOff, FileDiff, Link as LinkIcon } from "lucide-react";
import { useState } from "react";
import { Link, useSearchParams } from "wouter";
import { EarlierPicker, useEarlier } from "@/app/jobs/earlier";
import { PlayerPanel } from "@/app/jobs/player-panel";
import { Button } from "@/components/ui/button";
import { ProblemNote } from "@/components/ui/problem-note";
import { jobTitle } from "@/features/jobs/job-title";
import { isUploadId } from "@/features/results/awaited";
import { useCellDesk } from "@/features/results/cell-desk";
import { type Comparison, cellName } from "@/features/results/comparison";
import { useRatings, useVote } from "@/features/results/ratings";
import { SideBySide } from "@/features/results/side-by-side";
import {
  cellsOf,
  indexOf,
  letter,
  neighbour,
  type Sides,
  shuffled,
  sidesFrom,
} from "@/features/results/sides";
import { VoteBar } from "@/features/results/vote-bar";
import { WinTable } from "@/features/results/win-table";
import { useVideosById } from "@/features/videos/queries";
import { usePlayer } from "@/features/videos/use-player";
import type { Job, StepList } from "@/lib/api/types";
import { useHotkeys } from "@/lib/hotkeys";

interface SideBySideScreenProps {
  job: Job;
  steps: StepList;
  comparison: Comparison;
}

/** Of "diff" it means the first column. */
const ON = "0";
const FIRST: Sides = { videoIndex: 0, promptIndex: 0, repeat: 1, modelIndexes: [0, 1] };

export function SideBySideScreen({ job, steps, comparison }: SideBySideScreenProps) {
  const [search, setSearch] = useSearchParams();
  const desk = useCellDesk(job, steps, comparison);
  const ratings = useRatings(job.job_id);
  const vote = useVote(job.job_id);
  const player = usePlayer();
  const asked = sidesFrom(search.get("cells"), comparison) ?? first(comparison);
  const row = cellName(asked, 0);
  const [revealed, setRevealed] = useState<ReadonlySet<string>>(new Set());
  const blind = search.has("blind") && asked.modelIndexes.length > 1;
  const hidden = blind && !revealed.has(row);
  const sides = blind
    ? { ...asked, modelIndexes: shuffled(asked.modelIndexes.slice(0, 2), `${job.job_id} ${row}`) }
    : asked;
  const baseline = search.has("diff")
    ? Math.min(Number(search.get("diff")) || 0, sides.modelIndexes.length - 1)
    : null;
  const together = search.has("together");
  const earlierId = search.get("earlier");
  const earlier = useEarlier(earlierId, job);
  const videoId = comparison.videoIds[sides.videoIndex] ?? "";
  const prompt = comparison.prompts[sides.promptIndex] ?? "";
  const video = useVideosById(isUploadId(videoId) ? [] : [videoId]).get(videoId);
  const rows = comparison.videoIds.length * comparison.prompts.length * comparison.repeats;
  const at = indexOf(sides, comparison);
  const names = sides.modelIndexes.map((model, side) =>
    hidden ? letter(side) : (comparison.models[model] ?? ""),
  );

  const change = (changes: Record<string, string | null>) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value === null) next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  const flip = (name: string) => change({ [name]: search.has(name) ? null : ON });
  const flipDiff = () => change({ diff: search.has("diff") ? null : ON, earlier: null });
  const go = (step: number) => {
    const next = neighbour(asked, step, comparison);
    if (next) change({ cells: cellsOf(next) });
  };
  const onVote = (winner: string) => {
    const [a = 0, b = 0] = sides.modelIndexes;
    const models: [string, string] = [comparison.models[a] ?? "", comparison.models[b] ?? ""];
    vote.mutate({ video_id: videoId, prompt, models, winner });
    setRevealed((before) => new Set([...before, row]));
  };
  useHotkeys([
    { keys: "[", does: "Previous prompt", run: () => go(-1) },
    { keys: "]", does: "Next prompt", run: () => go(1) },
    { keys: " ", does: "Play or pause", run: player.toggle },
    { keys: "ArrowLeft", does: "Five seconds back", run: () => player.skip(-5) },
    { keys: "ArrowRight", does: "Five seconds on", run: () => player.skip(5) },
    { keys: "d", does: "Show the differences word by word", run: flipDiff },
    { keys: "b", does: "Hide which model is which", run: () => flip("blind") },
    { keys: "t", does: "Scroll together", run: () => flip("together") },
  ]);

  const [a, b] = sides.modelIndexes.map((model) => comparison.models[model] ?? "");
  const last = ratings?.votes.findLast(
    (each) =>
      each.video_id === videoId && each.prompt === prompt && each.models.every((m) => m === a || m === b),
  );
  const problem = vote.error ?? desk.problem ?? earlier.error;
  return (
    <div className="flex flex-col gap-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Link
          href={`/jobs/${job.job_id}`}
          className="inline-flex min-h-9 items-center gap-1 text-accent text-sm"
        >
          <ArrowLeft aria-hidden className="size-4" />
          {jobTitle(job)}
        </Link>
        <h1 className="sr-only">Side by side</h1>
        <div className="ml-auto flex flex-wrap items-center gap-2">
          {rows > 1 && (
            <span className="flex items-center gap-1 text-sm">
              <Button look="quiet" aria-label="Previous prompt" disabled={at === 0} onClick={() => go(-1)}>
                <ChevronLeft aria-hidden className="size-4" />
              </Button>
              <span className="tabular-nums">
                {at + 1} of {rows}
              </span>
              <Button look="quiet" aria-label="Next prompt" disabled={at === rows - 1} onClick={() => go(1)}>
                <ChevronRight aria-hidden className="size-4" />
              </Button>
            </span>
          )}
          <Button className="max-sm:hidden" aria-pressed={together} onClick={() => flip("together")}>
            <LinkIcon aria-hidden className="size-4" />
            Scroll together
          </Button>
          <EarlierPicker
            jobId={job.job_id}
            chosen={earlierId}
            onChoose={(id) => change({ earlier: id, diff: null })}
          />
          <Button aria-pressed={baseline !== null} onClick={flipDiff}>
            <FileDiff aria-hidden className="size-4" />
            Diff
          </Button>
          <Button aria-pressed={blind} disabled={asked.modelIndexes.length < 2} onClick={() => flip("blind")}>
            <EyeOff aria-hidden className="size-4" />
            Blind
          </Button>
        </div>
      </header>
      <PlayerPanel
        videoId={videoId}
        video={video}
        player={player}
        prompt={prompt}
        lanes={sides.modelIndexes.map((model, side) => ({
          name: names[side] ?? "",
          timestamps: desk.cells.get(cellName(sides, model))?.timestamps ?? [],
        }))}
      />
      {problem && <ProblemNote error={problem} />}
      <SideBySide
        desk={desk}
        sides={sides}
        onModels={(modelIndexes) => change({ cells: cellsOf({ ...asked, modelIndexes }) })}
        blind={hidden}
        together={together}
        baseline={baseline}
        onBaseline={(side) => change({ diff: String(side) })}
        earlier={earlier.answers}
        duration={video?.duration ?? null}
        onSeek={player.seek}
      />
      {ratings && sides.modelIndexes.length === 2 && (
        <VoteBar
          names={[names[0] ?? "", names[1] ?? ""]}
          models={[a ?? "", b ?? ""]}
          winner={hidden ? null : (last?.winner ?? null)}
          onVote={onVote}
        />
      )}
      {ratings && !hidden && <WinTable wins={ratings.wins} votes={ratings.votes.length} />}
    </div>
  );
}

function first({ models }: Comparison): Sides {
  return { ...FIRST, modelIndexes: FIRST.modelIndexes.filter((index) => index < models.length) };
}
