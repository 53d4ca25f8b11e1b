import { LayoutTemplate, Plus, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import { TEMPLATES } from "@/features/compare/templates";

interface PromptListProps {
  prompts: string[];
  onChange: (change: (prompts: string[]) => string[]) => void;
}

export function PromptList({ prompts, onChange }: PromptListProps) {
  const several = prompts.length > 1;
  const write = (at: number, text: string) =>
    onChange((before) => before.map((prompt, index) => (index === at ? text : prompt)));
  return (
    <div className="flex flex-col gap-2">
      {prompts.map((prompt, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a prompt is known by its place alone
        <div key={index} className="flex items-start gap-1">
          <textarea
            aria-label={several ? `Prompt ${index + 1}` : "Prompt"}
            value={prompt}
            rows={2}
            placeholder="What do you want to know about the video?"
            onChange={({ target }) => write(index, target.value)}
            className="field-sizing-content max-h-60 min-h-16 min-w-0 flex-1 resize-y rounded-md border border-edge bg-panel px-3 py-2 text-sm"
          />
          {several && (
            <Button
              look="quiet"
              aria-label={`Remove prompt ${index + 1}`}
              onClick={() => onChange((before) => before.filter((_, other) => other !== index))}
            >
              <X aria-hidden className="size-4" />
            </Button>
          )}
        </div>
      ))}
      <div className="flex flex-wrap gap-2">
        <Button look="quiet" onClick={() => onChange((before) => [...before, ""])}>
          <Plus aria-hidden className="size-4" />
          Add a prompt
        </Button>
        <Menu
          label="Templates"
          items={Object.entries(TEMPLATES).map(([word, text]) => ({
            word,
            run: () => onChange((before) => withTemplate(before, text)),
          }))}
        >
          <LayoutTemplate aria-hidden className="size-4" />
          Templates
        </Menu>
      </div>
    </div>
  );
}

/** A template takes an empty place, or that of an untouched other template, before it takes a new one. */
function withTemplate(prompts: string[], text: string): string[] {
  const untouched = (prompt: string) => !prompt.trim() || Object.values(TEMPLATES).includes(prompt);
  const at = prompts.length === 1 ? prompts.findIndex(untouched) : prompts.findIndex((each) => !each.trim());
  return at < 0 ? [...prompts, text] : prompts.with(at, text);
}
