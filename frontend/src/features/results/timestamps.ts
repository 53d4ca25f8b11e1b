import type { Timestamp } from "@/lib/api/types";

/** A moment or stretch of the video that a text names; seconds from its start. */
export interface Mention {
  /** Where the mention starts and ends in the text. */
  from: number;
  to: number;
  seconds: number;
  /** Set for a stretch: 0:10–0:15. */
  end: number | null;
}

const CLOCK = String.raw`(?:\d{1,2}:)?\d{1,3}:[0-5]\d(?:\.\d{1,3})?`;
const SECONDS = String.raw`\d{1,5}(?:\.\d{1,3})?\s?s(?:ec(?:onds?)?)?`;
const BETWEEN = String.raw`\s?(?:-{1,2}>?|[–—→]|\bto\b|\buntil\b)\s?`;
const MENTION = new RegExp(
  String.raw`(?<![\d:.,/\w-])(?:(?<start>${CLOCK})(?:${BETWEEN}(?<end>${CLOCK}))?|(?<from>\d{1,5}(?:\.\d{1,3})?)\s?(?:s(?:ec(?:onds?)?)?)?${BETWEEN}(?<until>${SECONDS}))(?![\d/\w]|[.:]\d)`,
  "g",
);

/**
 * Finds the timestamps in a text, in order: 12:34, 1:02:03, 00:12.500, and stretches like 0:10–0:15 or 12s–15s.
 *
 * A lone "12 s" is left alone: it is more often a length than a moment.
 */
export function findMentions(text: string): Mention[] {
  return Array.from(text.matchAll(MENTION), (match) => {
    const { start, end, from, until } = match.groups ?? {};
    const first = parseClock(start ?? from ?? "0");
    const last = end ?? until;
    return {
      from: match.index,
      to: match.index + match[0].length,
      seconds: first,
      end: last === undefined ? null : parseClock(last),
    };
  });
}

/**
 * Finds in a text the timestamps that the server found in the whole answer, and those beyond the video's end, which
 * it leaves out.
 */
export function finderOf(known: readonly Timestamp[], duration: number | null) {
  const moments = new Map(known.map((timestamp) => [timestamp.text, timestamp]));
  const longestFirst = [...moments.keys()].sort((a, b) => b.length - a.length).map(escaped);
  const pattern =
    longestFirst.length > 0
      ? new RegExp(`(?<!\\d)(?<!\\d[:.,])(?:${longestFirst.join("|")})(?!:?\\d)`, "g")
      : null;
  return (text: string): Mention[] => {
    const found = pattern ? Array.from(text.matchAll(pattern), (match) => mentioned(match, moments)) : [];
    const beyond = duration === null ? [] : findMentions(text).filter(({ seconds }) => seconds > duration);
    const free = beyond.filter(({ from, to }) =>
      found.every((other) => to <= other.from || other.to <= from),
    );
    return [...found, ...free].sort((a, b) => a.from - b.from);
  };
}

function mentioned(match: RegExpExecArray, moments: Map<string, Timestamp>): Mention {
  const { seconds = 0, end = null } = moments.get(match[0]) ?? {};
  return { from: match.index, to: match.index + match[0].length, seconds, end };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** "1:02:03" -> 3723, "0:12.5" -> 12.5, "15 s" -> 15. */
export function parseClock(text: string): number {
  return text
    .replace(/[^\d:.]/g, "")
    .split(":")
    .reduce((total, part) => 60 * total + Number(part), 0);
}

/** The link that stands for a mention inside Markdown, after W3C Media Fragments: #t=10,15. */
export function mentionHref({ seconds, end }: Pick<Mention, "seconds" | "end">): string {
  return end === null ? `#t=${seconds}` : `#t=${seconds},${end}`;
}

/** The moment that such a link leads to, or null for any other link. */
export function mentionFromHref(href: string | undefined): Pick<Mention, "seconds" | "end"> | null {
  const match = /^#t=(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?$/.exec(href ?? "");
  if (!match) return null;
  return { seconds: Number(match[1]), end: match[2] === undefined ? null : Number(match[2]) };
}
