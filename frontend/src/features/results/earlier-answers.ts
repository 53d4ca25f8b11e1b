import { useQuery } from "@tanstack/react-query";
import { apiGet } from "@/lib/api/client";
import type { Cell, Forerunner, ForerunnerList } from "@/lib/api/types";

/** The comparisons from before this one that asked some of the same, newest first. */
export function useForerunners(jobId: string): readonly Forerunner[] {
  const { data } = useQuery({
    queryKey: ["forerunners", jobId],
    queryFn: ({ signal }) => apiGet<ForerunnerList>(`jobs/${encodeURIComponent(jobId)}/forerunners`, signal),
  });
  return data?.jobs ?? [];
}

/** What an earlier comparison answered to the question of a cell: null where it has no answer. */
export type EarlierAnswers = (cell: Cell) => Cell | null;

/** Finds them among the cells of an earlier comparison; of several to one question, the one of the same time. */
export function earlierAnswers(cells: Iterable<Cell>): EarlierAnswers {
  const answered = new Map([...cells].filter(({ text }) => text).map((cell) => [question(cell), cell]));
  return (cell) => answered.get(question(cell)) ?? answered.get(question({ ...cell, repeat: 1 })) ?? null;
}

function question({ video_id, prompt, model, repeat = 1 }: Cell): string {
  return JSON.stringify([video_id, prompt, model, repeat]);
}
