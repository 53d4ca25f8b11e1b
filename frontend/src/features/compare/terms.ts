import type { AskOptions } from "@/lib/api/types";

/** How every cell is asked, as a person writes it; what is empty is left to the models. */
export interface WrittenTerms {
  repeats: string;
  fps: string;
  clipStart: string;
  clipEnd: string;
  resolution: string;
  thinking: string;
  temperature: string;
  system: string;
  schema: string;
}

export const USUAL_TERMS: WrittenTerms = {
  repeats: "",
  fps: "",
  clipStart: "",
  clipEnd: "",
  resolution: "",
  thinking: "",
  temperature: "",
  system: "",
  schema: "",
};

export const MOST_REPEATS = 10;

/** The same as the API takes it; only what was written. */
export interface Terms {
  repeats?: number;
  options?: AskOptions;
}

/** What was written, or in what it cannot be used, by field. */
export function readTerms(written: WrittenTerms): { terms: Terms; problems: Partial<WrittenTerms> } {
  const problems: Partial<WrittenTerms> = {};
  const number = (field: keyof WrittenTerms, from: number, to: number, says: string) => {
    const text = written[field].trim();
    if (!text) return undefined;
    const value = Number(text);
    if (Number.isFinite(value) && value >= from && value <= to) return value;
    problems[field] = says;
    return undefined;
  };
  const moment = (field: "clipStart" | "clipEnd") => {
    const text = written[field].trim();
    if (!text) return undefined;
    const value = parseMoment(text);
    if (value === null) problems[field] = "Write a time such as 1:20, or seconds.";
    return value ?? undefined;
  };
  const repeats = number("repeats", 1, MOST_REPEATS, `From 1 to ${MOST_REPEATS}.`);
  if (repeats !== undefined && !Number.isInteger(repeats)) problems.repeats = "A whole number.";
  const start = moment("clipStart");
  const end = moment("clipEnd");
  if (end !== undefined && end <= (start ?? 0)) problems.clipEnd = "It must be after the start.";
  const schema = readSchema(written.schema);
  if (schema === null) problems.schema = "This is no JSON object.";
  const options = withoutGaps({
    fps: number("fps", 0.001, 24, "From 0.001 to 24."),
    clip_start: start,
    clip_end: end,
    resolution: written.resolution || undefined,
    thinking_level: written.thinking || undefined,
    temperature: number("temperature", 0, 2, "From 0 to 2."),
    system_instruction: written.system.trim() || undefined,
    response_schema: schema ?? undefined,
  }) as AskOptions;
  const terms: Terms = {};
  if (repeats !== undefined && repeats > 1) terms.repeats = repeats;
  if (Object.keys(options).length > 0) terms.options = options;
  return { terms, problems };
}

/** How many fields somebody has filled in. */
export function countWritten(written: WrittenTerms): number {
  return Object.values(written).filter((text) => text.trim()).length;
}

/** "1:20" -> 80, "12.5" -> 12.5; null for anything else. */
function parseMoment(text: string): number | null {
  if (!/^(?:\d{1,2}:)?(?:\d{1,4}:)?\d{1,6}(?:\.\d+)?$/.test(text)) return null;
  return text.split(":").reduce((total, part) => 60 * total + Number(part), 0);
}

/** The schema, undefined where none is written, null where it is none. */
function readSchema(text: string): Record<string, unknown> | null | undefined {
  if (!text.trim()) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function withoutGaps(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
