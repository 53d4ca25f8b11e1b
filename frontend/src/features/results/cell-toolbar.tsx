import { Download, RotateCw, Rows3, Table2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { Menu } from "@/components/ui/menu";
import { Segments } from "@/components/ui/segments";
import type { CellDesk } from "@/features/results/cell-desk";
import { CELL_FILTERS, type CellFilter } from "@/features/results/cell-rows";
import { apiUrl } from "@/lib/api/client";

const FORMATS = { json: "JSON", csv: "CSV, for a spreadsheet", md: "Markdown", html: "One page (HTML)" };
const LAYOUTS = {
  answers: { word: "Answers", icon: Rows3 },
  matrix: { word: "Matrix", icon: Table2 },
} as const;

export type Layout = keyof typeof LAYOUTS;

interface CellToolbarProps {
  jobId: string;
  desk: CellDesk;
  filter: CellFilter;
  onFilter: (filter: CellFilter) => void;
  /** How many rows each filter shows. */
  counts: Record<CellFilter, number>;
  layout: Layout;
  onLayout: (layout: Layout) => void;
  /** What all cells come to. */
  children: ReactNode;
}

/** Which cells are shown and how, and what is done with all of them. */
export function CellToolbar(props: CellToolbarProps) {
  const { jobId, desk, filter, onFilter, counts, layout, onLayout, children } = props;
  const failed = [...desk.cells.values()].filter(({ state }) => state === "failed").length;
  const filters = (Object.keys(CELL_FILTERS) as CellFilter[]).filter(
    (each) => desk.onRate || each !== "unrated",
  );
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      {children}
      {counts.all > 1 && (
        <fieldset className="-mx-1 flex min-w-0 overflow-x-auto px-1 py-0.5">
          <legend className="sr-only">Which rows to show</legend>
          {filters.map((each) => (
            <Choice
              key={each}
              word={CELL_FILTERS[each].word}
              number={counts[each]}
              title={CELL_FILTERS[each].description}
              pressed={filter === each}
              onPress={() => onFilter(each)}
            />
          ))}
        </fieldset>
      )}
      <div className="ml-auto flex flex-wrap items-center gap-2">
        {failed > 0 && desk.onRetry && (
          <Button look="primary" onClick={() => desk.onRetry?.(null)}>
            <RotateCw aria-hidden className="size-4" />
            {failed === 1 ? "Retry the failed cell" : `Retry the failed ${failed}`}
          </Button>
        )}
        <Segments label="How to show them" choices={LAYOUTS} chosen={layout} onChoose={onLayout} />
        <Menu
          label="Export"
          items={Object.entries(FORMATS).map(([format, word]) => ({
            word,
            href: apiUrl(`jobs/${encodeURIComponent(jobId)}/export?format=${format}`),
            download: true,
          }))}
        >
          <Download aria-hidden className="size-4" />
          Export
        </Menu>
      </div>
    </div>
  );
}
