import { useCallback, useMemo } from "react";
import { readTerms, USUAL_TERMS, type WrittenTerms } from "@/features/compare/terms";
import { useModels } from "@/features/compare/use-models";
import type { Model } from "@/lib/api/types";
import { useStored } from "@/lib/use-stored";

/** What a person has filled in for the next comparison. */
export interface Draft {
  videoIds: string[];
  prompts: string[];
  models: string[];
  terms: WrittenTerms;
}

/** Models are null until somebody has chosen: then some are suggested. */
type StoredDraft = Omit<Draft, "models" | "terms"> & { models: string[] | null; terms?: WrittenTerms };

const FIRST: StoredDraft = {
  videoIds: [],
  prompts: ["Describe what happens in this video, with timestamps."],
  models: null,
};

const SUGGESTED = 2;

/**
 * The draft, remembered by this browser, and the function that changes a part of it.
 *
 * Videos and models that are gone are left out of it (all of them, until it is known which there are).
 */
export function useDraft(knownVideoIds: string[] | undefined) {
  const [stored, setStored] = useStored("longtake.draft", FIRST, isStoredDraft);
  const { data: models } = useModels();
  const draft = useMemo(() => usable(stored, knownVideoIds, models), [stored, knownVideoIds, models]);
  const change = useCallback(
    <Part extends keyof Draft>(part: Part, next: (value: Draft[Part]) => Draft[Part]) =>
      setStored((before) => {
        const value = before[part] ?? (part === "terms" ? USUAL_TERMS : suggestion(models));
        return { ...before, [part]: next(value as Draft[Part]) };
      }),
    [setStored, models],
  );
  return { draft, change };
}

export function countCells({ prompts, models, terms }: Draft, videos: number): number {
  const { repeats = 1 } = readTerms(terms).terms;
  return videos * written(prompts).length * models.length * repeats;
}

/** Prompts without the empty ones, each once. */
export function written(prompts: string[]): string[] {
  return [...new Set(prompts.map((prompt) => prompt.trim()).filter(Boolean))];
}

/** What has still to be added before the comparison can start. */
export function missing({ videoIds, prompts, models, terms }: Draft): string[] {
  const parts = [];
  if (videoIds.length === 0) parts.push("a video");
  if (written(prompts).length === 0) parts.push("a prompt");
  if (models.length === 0) parts.push("a model");
  if (Object.keys(readTerms(terms).problems).length > 0) parts.push("usable options");
  return parts;
}

function usable(stored: StoredDraft, knownVideoIds: string[] = [], models: Model[] = []): Draft {
  const usableModels = new Set(models.filter(({ available }) => available).map(({ id }) => id));
  return {
    videoIds: stored.videoIds.filter((id) => knownVideoIds.includes(id)),
    prompts: stored.prompts,
    terms: { ...USUAL_TERMS, ...stored.terms },
    models: (stored.models ?? suggestion(models)).filter((id) => usableModels.has(id)),
  };
}

function suggestion(models: Model[] = []): string[] {
  return models
    .filter(({ available, input_mode }) => available && input_mode !== "simulated")
    .slice(0, SUGGESTED)
    .map(({ id }) => id);
}

function isStoredDraft(value: unknown): value is StoredDraft {
  if (typeof value !== "object" || value === null) return false;
  const { videoIds, prompts, models, terms = {} } = value as Record<string, unknown>;
  const known = typeof terms === "object" && terms !== null && areTexts(Object.values(terms));
  return areTexts(videoIds) && areTexts(prompts) && (models === null || areTexts(models)) && known;
}

function areTexts(list: unknown): boolean {
  return Array.isArray(list) && list.every((item) => typeof item === "string");
}
