import { Download, RotateCw, Rows3, Table2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import type { CellDesk } from "@/features/results/cell-desk";
import { CELL_FILTERS, type CellFilter } from "@/features/results/cell-rows";
import { apiUrl } from "@/lib/api/client";

const FORMATS = { json: "JSON", csv: "CSV, for a spreadsheet", md: "Markdown", html: "One page (HTML)" };

export type Layout = "answers" | "matrix";

interface CellToolbarProps {
  jobId: string;
  desk: CellDesk;
  filter: CellFilter;
  onFilter: (filter: CellFilter) => void;
  /** How many rows each filter shows. */
  counts: Record<CellFilter, number>;
  layout: Layout;
  onLayout: (layout: Layout) => void;
}

/** Which cells are shown and how, and what is done with all of them. */
export function CellToolbar({ jobId, desk, filter, onFilter, counts, layout, onLayout }: CellToolbarProps) {
  const failed = [...desk.cells.values()].filter(({ state }) => state === "failed").length;
  const filters = (Object.keys(CELL_FILTERS) as CellFilter[]).filter(
    (each) => desk.onRate || each !== "unrated",
  );
  return (
    <div className="flex flex-wrap items-center gap-2">
      {counts.all > 1 && (
        <fieldset className="flex flex-wrap gap-1">
          <legend className="sr-only">Which rows to show</legend>
          {filters.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={filter === each}
              title={CELL_FILTERS[each].description}
              onClick={() => onFilter(each)}
              className={`min-h-9 rounded-full px-3 text-sm ${filter === each ? "bg-accent-soft font-semibold text-accent" : "text-muted hover:bg-sunken"}`}
            >
              {CELL_FILTERS[each].word} <span className="tabular-nums">{counts[each]}</span>
            </button>
          ))}
        </fieldset>
      )}
      <div className="ml-auto flex flex-wrap gap-2">
        {failed > 0 && desk.onRetry && (
          <Button look="primary" onClick={() => desk.onRetry?.(null)}>
            <RotateCw aria-hidden className="size-4" />
            Retry the failed {failed}
          </Button>
        )}
        <Button aria-pressed={layout === "answers"} onClick={() => onLayout("answers")}>
          <Rows3 aria-hidden className="size-4" />
          Answers
        </Button>
        <Button aria-pressed={layout === "matrix"} onClick={() => onLayout("matrix")}>
          <Table2 aria-hidden className="size-4" />
          Matrix
        </Button>
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
