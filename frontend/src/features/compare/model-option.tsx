import { useId } from "react";
import { Badge } from "@/components/ui/badge";
import type { InputMode, Model } from "@/lib/api/types";

const INPUT_WORDS: Record<InputMode, string> = {
  native: "sees the video",
  frames: "sees frames",
  local: "on this machine",
  simulated: "simulation",
};

interface ModelOptionProps {
  model: Model;
  chosen: boolean;
  onToggle: () => void;
}

export function ModelOption({ model, chosen, onToggle }: ModelOptionProps) {
  const about = useId();
  const { available } = model;
  return (
    <label
      className={`flex items-start gap-2.5 rounded-md px-2 py-2 ${available ? "cursor-pointer hover:bg-sunken" : ""}`}
    >
      <input
        type="checkbox"
        aria-label={model.title}
        aria-describedby={about}
        checked={chosen}
        disabled={!available}
        onChange={onToggle}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className={`font-medium text-sm ${available ? "" : "text-muted"}`}>{model.title}</span>
          <Badge
            word={INPUT_WORDS[model.input_mode]}
            tone={model.input_mode === "simulated" ? "warn" : "quiet"}
          />
          {model.price && <Badge word={model.price} tone="quiet" />}
          {!model.reads_prompt && <Badge word="ignores the prompt" tone="quiet" />}
        </span>
        <span id={about} className="block text-muted text-xs">
          <span className="font-mono">{model.id}</span> ·{" "}
          {available ? model.description : [model.why_not, model.what_to_do].filter(Boolean).join(" ")}
        </span>
      </span>
    </label>
  );
}
