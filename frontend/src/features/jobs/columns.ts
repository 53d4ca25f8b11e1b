import type { CSSProperties, ReactNode } from "react";
import type { JobSummary } from "@/lib/api/types";

/** A column that only the app knows what to write in; shown where there is room for it. */
export interface JobColumn {
  name: string;
  /** As CSS has it. */
  width: string;
  cell: (job: JobSummary) => ReactNode;
}

/** What the app calls that which its jobs are about. */
export interface AboutWords {
  one: string;
  many: string;
  /** Those that can be filtered by, besides those of the jobs that are loaded. */
  choices: readonly string[];
}

/** The grid of a row from tablets on, and of one with every column on wide screens. */
export const GRID = "md:grid-cols-(--columns) xl:grid-cols-(--wide-columns)";

/** Only on wide screens, and on phones, where a row has several lines. */
export const EXTRA = "md:max-xl:hidden";

/** The widths of the columns: title, status, progress, age, then those of the app, then actions. */
export function gridOf(columns: readonly JobColumn[]): CSSProperties {
  const extra = columns.map(({ width }) => width).join(" ");
  const usual = ["minmax(0,1fr)", "8rem", "13rem", "8rem"];
  return {
    "--columns": `${usual.join(" ")} 2.75rem`,
    "--wide-columns": `${(extra ? ["minmax(0,1fr)", "7rem", "11rem", "7rem", extra] : usual).join(" ")} 2.75rem`,
  } as CSSProperties;
}
