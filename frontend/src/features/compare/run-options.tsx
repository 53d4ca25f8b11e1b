import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { takes } from "@/lib/api/offers";

/** When, and how urgently, the job runs. */
export interface RunOptions {
  priority: number;
  /** As the field has it: "2026-11-24T02:00", in the person's own time; "" for at once. */
  runAt: string;
}

export const AT_ONCE: RunOptions = { priority: 0, runAt: "" };

const PRIORITIES = [
  { word: "Normal", value: 0 },
  { word: "High: before others", value: 10 },
  { word: "Low: after others", value: -10 },
];

interface RunOptionsFieldsProps {
  options: RunOptions;
  onChange: (options: RunOptions) => void;
}

/** Hidden where the server would ignore them. */
export function RunOptionsFields({ options, onChange }: RunOptionsFieldsProps) {
  const taken = useTaken();
  const [priority, start] = [useId(), useId()];
  if (!taken) return null;
  const field = "min-h-9 rounded-md border border-edge bg-panel px-2";
  return (
    <details className="text-sm">
      <summary className="inline-block min-h-6 text-muted hover:text-ink">
        {options.runAt ? `Starts ${new Date(options.runAt).toLocaleString()}` : "When and how urgent"}
      </summary>
      <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2">
        <span className="flex items-center gap-2">
          <label htmlFor={priority}>Priority</label>
          <select
            id={priority}
            value={options.priority}
            onChange={({ target }) => onChange({ ...options, priority: Number(target.value) })}
            className={field}
          >
            {PRIORITIES.map(({ word, value }) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
        </span>
        <span className="flex items-center gap-2">
          <label htmlFor={start}>Not before</label>
          <input
            id={start}
            type="datetime-local"
            value={options.runAt}
            onChange={({ target }) => onChange({ ...options, runAt: target.value })}
            className={field}
          />
        </span>
      </div>
    </details>
  );
}

function useTaken(): boolean {
  const { data } = useQuery({
    queryKey: ["takes", "run_at"],
    queryFn: () => takes("CompareRequest", "run_at"),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? false;
}
