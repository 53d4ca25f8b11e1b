import type { Job } from "@/lib/api/types";
import { formatClock } from "@/lib/format";

/** Names of the options, for people. */
export const OPTION_WORDS: Record<string, string> = {
  fps: "pictures a second",
  clip_start: "the clip's start",
  clip_end: "the clip's end",
  resolution: "the detail of pictures",
  thinking_level: "the thinking level",
  temperature: "the temperature",
  system_instruction: "the system instruction",
  response_schema: "the JSON schema",
};

/** Longer values are named, not shown. */
const SHORT = 60;

/** How the cells were asked where a person said so: "2 pictures a second", "from 0:05 to 0:20". */
export function askedWith({ args }: Pick<Job, "args">): string[] {
  const options = (args.options ?? {}) as Record<string, unknown>;
  const { fps, clip_start, clip_end, resolution, thinking_level, temperature } = options;
  const facts = [];
  if (typeof fps === "number") facts.push(`${fps} pictures a second`);
  if (typeof clip_start === "number") facts.push(`from ${formatClock(clip_start)}`);
  if (typeof clip_end === "number") facts.push(`to ${formatClock(clip_end)}`);
  if (resolution) facts.push(`${resolution} detail`);
  if (thinking_level) facts.push(`${thinking_level} thinking`);
  if (typeof temperature === "number") facts.push(`temperature ${temperature}`);
  if (typeof options.system_instruction === "string")
    facts.push(`told “${shortened(options.system_instruction)}”`);
  if (options.response_schema) facts.push("as JSON by a schema");
  if (typeof args.budget_usd === "number") facts.push(`for at most $${args.budget_usd}`);
  return facts;
}

function shortened(text: string): string {
  return text.length > SHORT ? `${text.slice(0, SHORT)} …` : text;
}
