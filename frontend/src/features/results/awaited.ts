import type { Tone } from "@/components/ui/tone";
import type { Arrival, AwaitedUpload, Step, StepList } from "@/lib/api/types";
import { formatSeconds } from "@/lib/format";

const STEP = "upload ";

/** Whether it names an upload, which stands for the video that comes of it. */
export function isUploadId(id: string): boolean {
  return /^[0-9a-f]{32}$/.test(id);
}

/** What became of the uploads that a job waited for. */
export function arrivals(steps: Step[]): (Arrival & { finished_at: string })[] {
  return steps
    .filter(({ name }) => name.startsWith(STEP))
    .map(({ value, finished_at }) => ({ ...(value as Arrival), finished_at }));
}

/** The uploads that a job waits for, by their ids. */
export function awaitedUploads(live: Record<string, unknown>): Map<string, AwaitedUpload> {
  return new Map(
    Object.entries(live).flatMap(([name, shown]) =>
      name.startsWith(STEP) ? [[name.slice(STEP.length), shown as AwaitedUpload] as const] : [],
    ),
  );
}

/** The names of the files, by the ids of their uploads. */
export function uploadNames({
  steps,
  live = {},
}: Partial<StepList> & Pick<StepList, "steps">): Map<string, string> {
  return new Map([
    ...arrivals(steps).map(({ upload_id, name }) => [upload_id, name] as const),
    ...[...awaitedUploads(live)].map(([id, { name }]) => [id, name] as const),
  ]);
}

/** How long each upload was, or is, waited for, for a timeline. */
export function spansOfUploads({ steps, live }: StepList) {
  const ended = arrivals(steps).map(({ name, since, error, finished_at }) => {
    const [from, to] = [Date.parse(since), Date.parse(finished_at)];
    const words = error ? "never came" : "came";
    const tone: Tone = error ? "bad" : "good";
    return {
      lane: "Upload",
      says: `${name} ${words}, after ${formatSeconds((to - from) / 1_000)}`,
      from,
      to,
      tone,
    };
  });
  const open = [...awaitedUploads(live).values()].map(({ name, since }) => {
    const tone: Tone = "busy";
    return { lane: "Upload", says: `Waiting for ${name}`, from: Date.parse(since), to: null, tone };
  });
  return [...ended, ...open];
}
