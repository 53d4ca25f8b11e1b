import { useId } from "react";
import type { InputMode, Model } from "@/lib/api/types";

const INPUT_WORDS: Record<InputMode, string> = {
  native: "sees the video",
  frames: "sees frames",
  local: "measures the file",
  simulated: "simulated answers",
};

interface ModelOptionProps {
  model: Model;
  /** What it says of itself, unless its group says the same. */
  about: string | null;
  chosen: boolean;
  onToggle: () => void;
}

/** A model that can be asked: what it gets, what it costs, what it is good for. */
export function ModelOption({ model, about, chosen, onToggle }: ModelOptionProps) {
  const details = useId();
  const facts = [INPUT_WORDS[model.input_mode], model.price];
  if (!model.reads_prompt) facts.push("ignores the prompt");
  return (
    <label className="flex cursor-pointer items-start gap-2.5 rounded-md px-2 py-1.5 hover:bg-sunken">
      <input
        type="checkbox"
        aria-label={model.title}
        aria-describedby={details}
        checked={chosen}
        onChange={onToggle}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium text-sm">{model.title}</span>
          <span className="wrap-anywhere font-mono text-muted text-xs">{model.id}</span>
        </span>
        <span id={details} className="block text-muted text-xs">
          {facts.filter(Boolean).join(" · ")}
          {about && <span className="block">{about}</span>}
        </span>
      </span>
    </label>
  );
}
