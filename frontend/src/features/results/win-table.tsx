import type { Wins } from "@/lib/api/types";
import { count } from "@/lib/format";

/** How often each model won; counts only, since a rating of few votes would feign precision. */
export function WinTable({ wins, votes }: { wins: Record<string, Wins>; votes: number }) {
  const ranked = Object.entries(wins).sort(([, a], [, b]) => b.won - a.won || a.lost - b.lost);
  if (ranked.length === 0) return null;
  return (
    <details className="rounded-lg border border-line bg-panel px-4 py-2 text-sm">
      <summary className="font-semibold">
        Wins <span className="font-normal text-muted">({count(votes, "vote", "votes")})</span>
      </summary>
      <table className="mt-2 w-full max-w-xl text-left">
        <thead className="text-muted text-xs">
          <tr>
            <th scope="col" className="font-normal">
              Model
            </th>
            {["Won", "Tied", "Lost"].map((name) => (
              <th key={name} scope="col" className="w-16 text-right font-normal">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {ranked.map(([model, { won, tied, lost }]) => (
            <tr key={model}>
              <th scope="row" className="truncate font-medium">
                {model}
              </th>
              <td className="text-right">{won}</td>
              <td className="text-right">{tied}</td>
              <td className="text-right">{lost}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
