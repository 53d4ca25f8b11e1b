interface ChoiceProps {
  word: string;
  /** How many there are of it. */
  number: number | undefined;
  title?: string;
  pressed: boolean;
  onPress: () => void;
}

/** One of several filters in a row. */
export function Choice({ word, number, title, pressed, onPress }: ChoiceProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      title={title}
      onClick={onPress}
      className={`min-h-9 shrink-0 rounded-full px-3 text-sm ${pressed ? "bg-accent-soft font-semibold text-accent" : "text-muted hover:bg-sunken"}`}
    >
      {word} {number !== undefined && <span className="tabular-nums">{number.toLocaleString("en-US")}</span>}
    </button>
  );
}
