import { Search, X } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import type { AboutWords } from "@/features/jobs/columns";
import { beginOf, dayOf, type JobFilter } from "@/features/jobs/job-filter";
import { kindName } from "@/features/jobs/job-title";
import { StatusFilter } from "@/features/jobs/status-filter";
import type { JobStatus } from "@/lib/api/types";

/** How long after the last letter the search begins, in milliseconds. */
const TYPING = 250;

interface FilterBarProps {
  filter: JobFilter;
  onFilter: (filter: JobFilter) => void;
  counts: Record<JobStatus, number> | undefined;
  /** The kinds there are, as far as is known. */
  kinds: string[];
  about: AboutWords;
  search: RefObject<HTMLInputElement | null>;
}

/** Which jobs the list shows. */
export function FilterBar({ filter, onFilter, counts, kinds, about, search }: FilterBarProps) {
  return (
    <search className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <StatusFilter
        chosen={filter.status}
        counts={counts}
        onChoose={(status) => onFilter({ ...filter, status })}
      />
      <div className="flex min-w-0 flex-1 flex-wrap items-center justify-end gap-2 max-sm:basis-full">
        {filter.tag && (
          <button
            type="button"
            onClick={() => onFilter({ ...filter, tag: null })}
            className="flex min-h-9 items-center gap-1 rounded-full bg-accent-soft px-3 text-accent text-sm"
          >
            <span className="sr-only">No longer filter by tag </span>
            {filter.tag}
            <X aria-hidden className="size-3.5" />
          </button>
        )}
        <WordFilter
          label="Kind"
          word={filter.kind}
          words={kinds}
          nameOf={kindName}
          onWord={(kind) => onFilter({ ...filter, kind })}
        />
        <WordFilter
          label={about.one}
          word={filter.about}
          words={about.choices}
          nameOf={String}
          onWord={(word) => onFilter({ ...filter, about: word })}
        />
        <SinceFilter since={filter.since} onSince={(since) => onFilter({ ...filter, since })} />
        <TextFilter text={filter.q} onText={(q) => onFilter({ ...filter, q })} search={search} />
      </div>
    </search>
  );
}

interface WordFilterProps {
  label: string;
  word: string | null;
  words: readonly string[];
  nameOf: (word: string) => string;
  onWord: (word: string | null) => void;
}

/** One of several words, or any; not there where there is nothing to choose. */
function WordFilter({ label, word, words, nameOf, onWord }: WordFilterProps) {
  const shown = word && !words.includes(word) ? [...words, word] : words;
  if (shown.length < 2 && !word) return null;
  return (
    <select
      aria-label={label}
      value={word ?? ""}
      onChange={({ target }) => onWord(target.value || null)}
      className="min-h-9 min-w-0 rounded-md border border-edge bg-panel px-2 text-sm max-sm:flex-1 max-sm:basis-2/5 sm:max-w-44"
    >
      <option value="">{`${label}: any`}</option>
      {shown.map((each) => (
        <option key={each} value={each}>
          {nameOf(each)}
        </option>
      ))}
    </select>
  );
}

interface SinceFilterProps {
  since: string | null;
  onSince: (since: string | null) => void;
}

/** From the beginning of a day, where the person is. */
function SinceFilter({ since, onSince }: SinceFilterProps) {
  return (
    <label className="flex min-h-9 items-center gap-2 text-muted text-sm">
      Since
      <input
        type="date"
        aria-label="Created since"
        value={since ? dayOf(since) : ""}
        max="9998-12-31"
        onChange={({ target }) => onSince(target.value ? beginOf(target.value) : null)}
        className="min-h-9 rounded-md border border-edge bg-panel px-2 text-ink text-sm"
      />
    </label>
  );
}

interface TextFilterProps {
  text: string;
  onText: (text: string) => void;
  search: RefObject<HTMLInputElement | null>;
}

function TextFilter({ text, onText, search }: TextFilterProps) {
  const [written, setWritten] = useState(text);
  const [asked, setAsked] = useState(text);
  if (text !== asked) {
    setAsked(text);
    if (written.trim() !== text) setWritten(text);
  }
  useEffect(() => {
    if (written.trim() === text) return;
    const timer = setTimeout(() => onText(written), TYPING);
    return () => clearTimeout(timer);
  }, [written, text, onText]);
  return (
    <label className="flex min-h-9 min-w-0 flex-1 items-center gap-2 rounded-md border border-edge bg-panel px-2.5 text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent sm:max-w-60">
      <Search aria-hidden className="size-4 shrink-0 text-muted" />
      <input
        ref={search}
        type="search"
        aria-label="Find jobs"
        aria-keyshortcuts="/"
        placeholder="Find"
        value={written}
        onChange={({ target }) => setWritten(target.value)}
        className="w-full min-w-0 bg-transparent py-1 outline-none"
      />
    </label>
  );
}
