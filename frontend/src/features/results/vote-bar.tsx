import { Button } from "@/components/ui/button";
import { useHotkeys } from "@/lib/hotkeys";

interface VoteBarProps {
  names: readonly [string, string];
  models: readonly [string, string];
  /** What was voted last, if anything. */
  winner: string | null;
  onVote: (winner: string) => void;
}

/** Which of two answers is better; the model's name, "tie" or "bad". */
export function VoteBar({ names, models, winner, onVote }: VoteBarProps) {
  const choices = [
    { word: `${names[0]} is better`, winner: models[0] },
    { word: "Tie", winner: "tie" },
    { word: `${names[1]} is better`, winner: models[1] },
    { word: "Both are bad", winner: "bad" },
  ];
  useHotkeys(
    choices.map((choice, index) => ({
      keys: String(index + 1),
      does: `Vote: ${choice.word}`,
      run: () => onVote(choice.winner),
    })),
  );
  return (
    <fieldset className="flex flex-wrap justify-center gap-2">
      <legend className="sr-only">Your vote</legend>
      {choices.map((choice, index) => (
        <Button
          key={choice.winner}
          aria-pressed={winner === choice.winner}
          aria-keyshortcuts={String(index + 1)}
          onClick={() => onVote(choice.winner)}
        >
          {choice.word}
          <kbd aria-hidden className="hidden font-sans text-muted text-xs sm:inline">
            {index + 1}
          </kbd>
        </Button>
      ))}
    </fieldset>
  );
}
