const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** A position or length in a video: 75.25 -> "1:15.2" (tenths only if there are any), 3700 -> "1:01:40". */
export function formatClock(seconds: number): string {
  const tenths = Math.floor(seconds * 10 + 1e-6);
  const whole = Math.floor(tenths / 10);
  const [hours, minutes, rest] = [
    Math.floor(whole / HOUR),
    Math.floor((whole % HOUR) / MINUTE),
    whole % MINUTE,
  ];
  const head = hours ? `${hours}:${pad(minutes)}` : `${minutes}`;
  return `${head}:${pad(rest)}${tenths % 10 ? `.${tenths % 10}` : ""}`;
}

/** How long something took: "0.4 s", "12 s", "1 min 05 s", "2 h 10 min". */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95 && !Number.isInteger(seconds)) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min ${pad(whole % MINUTE)} s`;
  return `${Math.floor(whole / HOUR)} h ${pad(Math.floor((whole % HOUR) / MINUTE))} min`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${["B", "kB", "MB", "GB", "TB"][power]}`;
}

/** An estimated price, with as many digits as tell it from nothing. */
export function formatCost(dollars: number): string {
  if (dollars === 0) return "free";
  if (dollars < 0.0001) return "est. < $0.0001";
  return `est. $${dollars < 0.1 ? dollars.toFixed(4).replace(/0{1,2}$/, "") : dollars.toFixed(2)}`;
}

export function formatPercent(percent: number): string {
  return `${Math.floor(percent)}%`;
}

/** 14:02, or 3 Nov, 14:02 on another day than `now`. */
export function formatTime(iso: string, now: Date = new Date()): string {
  const time = new Date(iso);
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}`;
  if (time.toDateString() === now.toDateString()) return clock;
  const day = time.toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    ...(time.getFullYear() === now.getFullYear() ? {} : { year: "numeric" }),
  });
  return `${day}, ${clock}`;
}

/** "just now", "5 min ago", "3 h ago", "2 days ago", and a date after a week. */
export function formatAge(iso: string, now: Date = new Date()): string {
  const seconds = (now.getTime() - new Date(iso).getTime()) / 1_000;
  if (seconds < 45) return "just now";
  if (seconds < 45 * MINUTE) return `${Math.max(1, Math.round(seconds / MINUTE))} min ago`;
  if (seconds < DAY) return `${Math.max(1, Math.round(seconds / HOUR))} h ago`;
  if (seconds < 7 * DAY) return count(Math.floor(seconds / DAY), "day", "days", " ago");
  return formatTime(iso, now);
}

/** 1 "cell", 2 "cells". */
export function count(number: number, one: string, many: string, after = ""): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : many}${after}`;
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Seconds from one ISO time to another, or to `now` while it has not ended. */
export function secondsBetween(from: string, to: string | null, now: Date = new Date()): number {
  return Math.max(0, ((to ? new Date(to) : now).getTime() - new Date(from).getTime()) / 1_000);
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
