import { Clapperboard, Film, ListVideo, type LucideIcon, Settings } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useDeferredValue, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { THEMES } from "@/app/settings/theme-switch";
import { Dialog } from "@/components/ui/dialog";
import { EVERY_JOB } from "@/features/jobs/job-filter";
import { StatusBadge } from "@/features/jobs/job-status";
import { jobTitle } from "@/features/jobs/job-title";
import { useJobList } from "@/features/jobs/queries";
import { chooseTheme, type Theme } from "@/lib/theme";

interface Command {
  id: string;
  word: string;
  icon?: LucideIcon;
  aside?: ReactNode;
  run: () => void;
}

const JOBS_SHOWN = 8;

/** Finds screens, colours and jobs by a few letters. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const commands = useCommands(text);
  useEffect(() => field.current?.focus(), []);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = [field.current, ...(list.current?.querySelectorAll("button") ?? [])];
    const at = stops.indexOf(document.activeElement as HTMLInputElement);
    stops[(at + step + stops.length) % stops.length]?.focus();
  };
  return (
    <Dialog title="Find and go" onClose={onClose} wide>
      <form
        className="mt-3 flex flex-col gap-2"
        onKeyDown={move}
        onSubmit={(event) => {
          event.preventDefault();
          run(commands[0]);
        }}
      >
        <input
          ref={field}
          type="search"
          aria-label="Find"
          placeholder="A screen, a job …"
          value={text}
          onChange={({ target }) => setText(target.value)}
          className="min-h-10 rounded-md border border-edge bg-panel px-3"
        />
        <ul ref={list} aria-label="Found" className="max-h-80 overflow-y-auto">
          {commands.map((command) => (
            <li key={command.id}>
              <button
                type="button"
                onClick={() => run(command)}
                className="flex min-h-10 w-full items-center gap-2.5 rounded-md px-3 text-left text-sm hover:bg-sunken focus-visible:bg-sunken"
              >
                {command.icon && <command.icon aria-hidden className="size-4 shrink-0 text-muted" />}
                <span className="min-w-0 flex-1 truncate">{command.word}</span>
                {command.aside}
              </button>
            </li>
          ))}
        </ul>
        <p role="status" className="px-3 text-muted text-xs">
          {commands.length === 0 ? "Nothing found." : "↑ ↓ to choose, Enter to go"}
        </p>
      </form>
    </Dialog>
  );
}

function useCommands(text: string): Command[] {
  const [, navigate] = useLocation();
  const wanted = useDeferredValue(text.trim());
  const { data } = useJobList({ ...EVERY_JOB, q: wanted });
  const screens: Command[] = [
    { id: "compare", word: "Compare", icon: Clapperboard, run: () => navigate("/") },
    { id: "jobs", word: "Jobs", icon: ListVideo, run: () => navigate("/jobs") },
    { id: "running", word: "Running jobs", icon: ListVideo, run: () => navigate("/jobs?status=running") },
    { id: "failed", word: "Failed jobs", icon: ListVideo, run: () => navigate("/jobs?status=failed") },
    { id: "videos", word: "Videos", icon: Film, run: () => navigate("/videos") },
    { id: "settings", word: "Settings", icon: Settings, run: () => navigate("/settings") },
  ];
  const themes = (Object.keys(THEMES) as Theme[]).map((theme) => ({
    id: `theme ${theme}`,
    word: `Colours: ${THEMES[theme].word.toLowerCase()}`,
    icon: THEMES[theme].icon,
    run: () => chooseTheme(theme),
  }));
  const jobs = (data?.pages[0]?.jobs.slice(0, JOBS_SHOWN) ?? []).map((job) => ({
    id: job.job_id,
    word: jobTitle(job),
    aside: <StatusBadge job={job} />,
    run: () => navigate(`/jobs/${job.job_id}`),
  }));
  const named = [...screens, ...themes].filter(({ word }) =>
    word.toLowerCase().includes(wanted.toLowerCase()),
  );
  return wanted ? [...named, ...jobs] : [...screens, ...jobs];
}
