/** So many words have room in a row. */
const SHOWN = 2;

interface AboutCellProps {
  words: readonly string[];
  onAbout: (word: string) => void;
}

/** What a job is about, each a way to all jobs about the same. */
export function AboutCell({ words, onAbout }: AboutCellProps) {
  const more = words.length - SHOWN;
  return (
    <span title={words.join(", ")} className="flex min-w-0 items-center gap-2 text-sm">
      {words.slice(0, SHOWN).map((word) => (
        <button
          key={word}
          type="button"
          aria-label={`Only jobs about ${word}`}
          onClick={() => onAbout(word)}
          className="min-h-6 min-w-0 truncate text-muted hover:text-accent hover:underline"
        >
          {word}
        </button>
      ))}
      {more > 0 && <span className="shrink-0 text-muted">+{more}</span>}
    </span>
  );
}
