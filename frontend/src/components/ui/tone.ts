/** The few colours with a meaning; a tone is never the only carrier of that meaning. */
export type Tone = "quiet" | "busy" | "good" | "warn" | "bad";

export const TONE_TEXT: Record<Tone, string> = {
  quiet: "text-muted",
  busy: "text-accent",
  good: "text-good",
  warn: "text-warn",
  bad: "text-bad",
};

export const TONE_FILL: Record<Tone, string> = {
  quiet: "bg-sunken text-muted",
  busy: "bg-accent-soft text-accent",
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
};
