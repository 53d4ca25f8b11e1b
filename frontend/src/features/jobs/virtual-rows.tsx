import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { EXTRA, GRID, gridOf, type JobColumn } from "@/features/jobs/columns";
import { JobRow } from "@/features/jobs/job-row";
import { jobTitle } from "@/features/jobs/job-title";
import { useRowKeys } from "@/features/jobs/row-keys";
import type { Selection } from "@/features/jobs/selection";
import type { JobSummary } from "@/lib/api/types";

/** How high rows mostly are, on phones and else, in pixels: where they are not, scrolling has to be corrected. */
const [PHONE_ROW, PHONE_LINE, ROW] = [65, 24, 45];
const PHONE = "(width < 48rem)";
/** The next jobs are loaded when this many rows are left below the last that is shown. */
const AHEAD = 30;

interface VirtualRowsProps {
  jobs: readonly JobSummary[];
  selection: Selection;
  jobHref: (id: string) => string;
  onProblem: (error: Error | null) => void;
  onTag: (tag: string) => void;
  columns: readonly JobColumn[];
  /** Called when the end of what is loaded comes near. */
  onEnd: () => void;
}

/** A list of any length: only the rows in sight are in the page. */
export function VirtualRows(props: VirtualRowsProps) {
  const { jobs, selection, jobHref, onProblem, onTag, columns, onEnd } = props;
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const { current } = list;
    if (current) setTop(current.getBoundingClientRect().top + window.scrollY);
  }, []);
  const rows = useWindowVirtualizer({
    count: jobs.length,
    estimateSize: () => {
      if (!window.matchMedia(PHONE).matches) return ROW;
      return columns.length > 0 ? PHONE_ROW + PHONE_LINE : PHONE_ROW;
    },
    getItemKey: useCallback((index: number) => jobs[index]?.job_id ?? index, [jobs]),
    overscan: 8,
    scrollMargin: top,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last + AHEAD >= jobs.length) onEnd();
  }, [last, jobs.length, onEnd]);
  useRowKeys(jobs, (index) => rows.scrollToIndex(index, { align: "center" }), selection, jobHref);
  return (
    <div className="rounded-lg border border-line bg-panel" style={gridOf(columns)}>
      <div className="flex items-center border-line border-b pl-4">
        <SelectRows jobs={jobs} selection={selection} />
        <div
          aria-hidden
          className={`hidden min-w-0 flex-1 gap-x-4 px-4 py-1.5 text-muted text-xs md:grid ${GRID}`}
        >
          {["Job", "Status", "Progress", "Created"].map((name) => (
            <span key={name}>{name}</span>
          ))}
          {columns.map(({ name }) => (
            <span key={name} className={EXTRA}>
              {name}
            </span>
          ))}
        </div>
        <span aria-hidden className="px-4 py-2 text-muted text-xs md:hidden">
          Select all
        </span>
      </div>
      <ul ref={list} aria-label="Jobs" className="relative" style={{ height: rows.getTotalSize() }}>
        {items.map(({ index, key, start }) => {
          const job = jobs[index];
          if (!job) return null;
          return (
            <li
              key={key}
              ref={rows.measureElement}
              data-index={index}
              aria-setsize={jobs.length}
              aria-posinset={index + 1}
              className="absolute inset-x-0 scroll-mt-32 scroll-mb-16 top-0 flex items-center border-line border-b pl-4 hover:bg-sunken/60 has-[[data-job]:focus-visible]:bg-accent-soft"
              style={{ transform: `translateY(${start - top}px)` }}
            >
              <input
                type="checkbox"
                aria-label={`Select ${jobTitle(job)}`}
                checked={selection.has(job.job_id)}
                onChange={() => selection.toggle(job.job_id)}
                className="size-4 shrink-0 accent-accent"
              />
              <JobRow
                job={job}
                href={jobHref(job.job_id)}
                onProblem={onProblem}
                onTag={onTag}
                columns={columns}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function SelectRows({ jobs, selection }: { jobs: readonly JobSummary[]; selection: Selection }) {
  const chosen = selection.ids.length;
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = chosen > 0 && chosen < jobs.length;
  });
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label="Select all rows"
      checked={chosen > 0 && chosen === jobs.length}
      onChange={selection.toggleRows}
      className="size-4 shrink-0 accent-accent"
    />
  );
}
