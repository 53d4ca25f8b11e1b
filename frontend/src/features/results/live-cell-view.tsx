import { ProgressBar } from "@/components/ui/progress-bar";
import type { LiveCell } from "@/lib/api/types";

/** What is there of an answer while the model still writes it. */
export function LiveCellView({ model, live }: { model: string; live: LiveCell }) {
  return (
    <>
      {live.percent !== undefined && (
        <ProgressBar percent={live.percent} label={`Progress of ${model}`} message={live.message ?? ""} />
      )}
      {live.message && <p className={live.waiting ? "text-warn" : "text-muted"}>{live.message}</p>}
      {live.text && (
        <p className="wrap-anywhere whitespace-pre-wrap">
          {live.text}
          <span aria-hidden className="ml-0.5 motion-safe:animate-pulse">
            ▍
          </span>
        </p>
      )}
    </>
  );
}
