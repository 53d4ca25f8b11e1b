import { FIELD, Field } from "@/components/ui/field";

/** What the job is called, and when and how urgently it runs. */
export interface RunOptions {
  priority: number;
  /** As the field has it: "2026-11-24T02:00", in the person's own time; "" for at once. */
  runAt: string;
  /** Empty: the server makes one up. */
  title: string;
  /** Separated by commas. */
  tags: string;
  /** In dollars, as written; "" for no limit. */
  budget: string;
  /** Ask every cell, also where the same was answered before. */
  fresh: boolean;
}

export const AT_ONCE: RunOptions = { priority: 0, runAt: "", title: "", tags: "", budget: "", fresh: false };

const PRIORITIES = [
  { word: "Normal", value: 0 },
  { word: "High: before others", value: 10 },
  { word: "Low: after others", value: -10 },
];

/** The tags in a line of them, each once. */
export function tagsOf(line: string): string[] {
  return [
    ...new Set(
      line
        .split(",")
        .map((tag) => tag.trim())
        .filter(Boolean),
    ),
  ];
}

interface RunOptionsFieldsProps {
  options: RunOptions;
  onChange: (options: RunOptions) => void;
}

export function RunOptionsFields({ options, onChange }: RunOptionsFieldsProps) {
  const change = (part: Partial<RunOptions>) => onChange({ ...options, ...part });
  return (
    <fieldset>
      <legend className="mb-2 font-medium text-muted text-sm">The job</legend>
      <div className="grid gap-x-4 gap-y-1 sm:grid-cols-2">
        <Field label="Name" hint="Empty: made up from the videos">
          {(props) => (
            <input
              {...props}
              maxLength={500}
              value={options.title}
              onChange={({ target }) => change({ title: target.value })}
              className={FIELD}
            />
          )}
        </Field>
        <Field label="Tags" hint="Separated by commas">
          {(props) => (
            <input
              {...props}
              value={options.tags}
              onChange={({ target }) => change({ tags: target.value })}
              className={FIELD}
            />
          )}
        </Field>
        <Field label="Budget, in dollars" hint="Empty: no limit. Cells beyond it are not asked.">
          {(props) => (
            <input
              {...props}
              type="number"
              min={0}
              step="any"
              inputMode="decimal"
              value={options.budget}
              onChange={({ target }) => change({ budget: target.value })}
              className={FIELD}
            />
          )}
        </Field>
        <Field label="Priority">
          {(props) => (
            <select
              {...props}
              value={options.priority}
              onChange={({ target }) => change({ priority: Number(target.value) })}
              className={FIELD}
            >
              {PRIORITIES.map(({ word, value }) => (
                <option key={value} value={value}>
                  {word}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Not before" hint="Empty: at once">
          {(props) => (
            <input
              {...props}
              type="datetime-local"
              value={options.runAt}
              onChange={({ target }) => change({ runAt: target.value })}
              className={FIELD}
            />
          )}
        </Field>
      </div>
      <label className="mt-1 flex items-start gap-2 text-sm">
        <input
          type="checkbox"
          checked={options.fresh}
          onChange={({ target }) => change({ fresh: target.checked })}
          className="mt-0.5 size-4 shrink-0 accent-accent"
        />
        <span>
          Ask everything anew
          <span className="block text-muted text-xs">
            Else a cell that asks exactly what an earlier one asked takes its answer, and costs nothing.
          </span>
        </span>
      </label>
    </fieldset>
  );
}
