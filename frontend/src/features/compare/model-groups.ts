import type { Model } from "@/lib/api/types";

/** Models of one provider that can be asked. */
export interface ModelGroup {
  name: string;
  /** What all of them say of themselves; null where they differ. */
  about: string | null;
  models: Model[];
}

/** Models that cannot be asked, all for one reason. */
export interface Unavailable {
  whyNot: string;
  whatToDo: string;
  titles: string[];
}

const NAMES: Record<string, string> = {
  local: "On this machine",
  gemini: "Gemini",
  openai: "OpenAI",
  ollama: "Ollama",
  lmstudio: "LM Studio",
  demo: "Simulations",
};

/** Those that can be asked, by provider in the server's order. */
export function groupsOf(models: readonly Model[]): ModelGroup[] {
  const usable = models.filter(({ available }) => available);
  return Array.from(
    Map.groupBy(usable, ({ provider }) => provider),
    ([provider, group]) => ({ name: NAMES[provider] ?? provider, about: shared(group), models: group }),
  );
}

/** The others: a reason that many share is told once. */
export function unavailableOf(models: readonly Model[]): Unavailable[] {
  const others = models.filter(({ available }) => !available);
  return Array.from(
    Map.groupBy(others, ({ why_not, what_to_do }) => `${why_not}\n${what_to_do}`),
    ([, group]) => ({
      whyNot: group[0]?.why_not ?? "It cannot be asked now.",
      whatToDo: group[0]?.what_to_do ?? "",
      titles: group.map(({ title }) => title),
    }),
  );
}

function shared(group: readonly Model[]): string | null {
  const [first, ...others] = group;
  const same = others.length > 0 && others.every(({ description }) => description === first?.description);
  return same ? (first?.description ?? null) : null;
}
