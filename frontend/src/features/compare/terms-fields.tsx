import { SlidersHorizontal } from "lucide-react";
import { type ReactNode, useState } from "react";
import { FIELD, Field } from "@/components/ui/field";
import { countWritten, MOST_REPEATS, readTerms, type WrittenTerms } from "@/features/compare/terms";
import { count } from "@/lib/format";

const LEVELS = {
  resolution: ["low", "medium", "high"],
  thinking: ["minimal", "low", "medium", "high"],
};

interface TermsFieldsProps {
  /** Fields of the job as a whole, below those of the cells. */
  children: ReactNode;
  written: WrittenTerms;
  onChange: (change: (written: WrittenTerms) => WrittenTerms) => void;
}

/** How every cell is asked, for those who want to say; out of the way of all others. */
export function TermsFields({ written, onChange, children }: TermsFieldsProps) {
  const [opened] = useState(() => countWritten(written) > 0);
  const { problems } = readTerms(written);
  const number = countWritten(written);
  const write = (field: keyof WrittenTerms, text: string) =>
    onChange((before) => ({ ...before, [field]: text }));
  const line = (field: keyof WrittenTerms, label: string, hint: string) => (
    <Field label={label} hint={hint} problem={problems[field]}>
      {(props) => (
        <input
          {...props}
          inputMode="decimal"
          autoComplete="off"
          value={written[field]}
          onChange={({ target }) => write(field, target.value)}
          className={FIELD}
        />
      )}
    </Field>
  );
  const choice = (field: "resolution" | "thinking", label: string) => (
    <Field label={label}>
      {(props) => (
        <select
          {...props}
          value={written[field]}
          onChange={({ target }) => write(field, target.value)}
          className={FIELD}
        >
          <option value="">As the model likes</option>
          {LEVELS[field].map((level) => (
            <option key={level} value={level}>
              {level}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  const text = (field: "system" | "schema", label: string, hint: string, look: string) => (
    <Field label={label} hint={hint} problem={problems[field]}>
      {(props) => (
        <textarea
          {...props}
          rows={2}
          value={written[field]}
          onChange={({ target }) => write(field, target.value)}
          className={`field-sizing-content max-h-60 resize-y ${look} ${FIELD}`}
        />
      )}
    </Field>
  );
  return (
    <details className="rounded-lg border border-line bg-panel" open={opened}>
      <summary className="flex min-h-12 items-center gap-2 px-4 font-semibold">
        <SlidersHorizontal aria-hidden className="size-4 text-muted" />
        Options
        <span className="ml-auto font-normal text-muted text-sm">
          {number === 0 ? "as each model likes" : `${count(number, "option", "options")} set`}
        </span>
      </summary>
      <div className="flex flex-col gap-4 px-4 pb-4">
        <div className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-3">
          {line("repeats", "Times asked", `1 to ${MOST_REPEATS}, to see how much answers vary`)}
          {line("clipStart", "Clip from", "m:ss or seconds")}
          {line("clipEnd", "Clip to", "m:ss or seconds")}
          {line("fps", "Pictures a second", "up to 24")}
          {choice("resolution", "Detail of pictures")}
          {choice("thinking", "Thinking")}
          {line("temperature", "Temperature", "0 to 2")}
        </div>
        {text("system", "System instruction", "Told to the model before the prompt", "")}
        {text("schema", "Answer as JSON", "A JSON schema that the answer must follow", "font-mono")}
        <p className="text-muted text-xs">A model that cannot follow an option says so beside its answer.</p>
        {children}
      </div>
    </details>
  );
}
