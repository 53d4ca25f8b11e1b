import type { LucideIcon } from "lucide-react";
import { Button } from "@/components/ui/button";

interface SegmentsProps<Choice extends string> {
  /** What is chosen, for those who cannot see it. */
  label: string;
  choices: Record<Choice, { word: string; icon: LucideIcon }>;
  chosen: Choice;
  onChoose: (choice: Choice) => void;
}

/** One of a few choices, side by side in one frame. */
export function Segments<Choice extends string>({ label, choices, chosen, onChoose }: SegmentsProps<Choice>) {
  return (
    <fieldset className="flex">
      <legend className="sr-only">{label}</legend>
      {(Object.keys(choices) as Choice[]).map((choice) => {
        const { word, icon: Icon } = choices[choice];
        return (
          <Button
            key={choice}
            aria-pressed={chosen === choice}
            className="rounded-none! not-first-of-type:-ml-px first-of-type:rounded-l-md! last-of-type:rounded-r-md! aria-pressed:z-1"
            onClick={() => onChoose(choice)}
          >
            <Icon aria-hidden className="size-4 max-sm:hidden" />
            {word}
          </Button>
        );
      })}
    </fieldset>
  );
}
