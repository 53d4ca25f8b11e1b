import type { Job } from "@/lib/api/types";
import { secondsBetween } from "@/lib/format";

/** Before this much progress and time a forecast is a guess: percent and seconds. */
const ENOUGH = { progress: 5, seconds: 4 };

/** How many seconds a running job may still take if it goes on as it did; null while that is a mere guess. */
export function timeLeft({ status, progress, attempts }: Job, now: Date): number | null {
  if (status !== "running" || progress < ENOUGH.progress || progress >= 100) return null;
  const worked = attempts.reduce(
    (sum, { started_at, ended_at }) => sum + secondsBetween(started_at, ended_at, now),
    0,
  );
  return worked < ENOUGH.seconds ? null : (worked * (100 - progress)) / progress;
}

/** "about 2 min left": no finer than it can be known. */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 20) return "a few seconds left";
  if (seconds < 90) return "about a minute left";
  if (seconds < 3_600) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${(seconds / 3_600).toFixed(1).replace(".0", "")} h left`;
}
