import { Suspense } from "react";
import { ProgressBar } from "@/components/ui/progress-bar";
import type { LiveCell } from "@/lib/api/types";
import { later } from "@/lib/later";

const Markdown = later(() => import("@/features/results/markdown"));

const NO_TIMESTAMPS: never[] = [];

/** What is there of an answer while the model still writes it. */
export function LiveCellView({ model, live }: { model: string; live: LiveCell }) {
  return (
    <>
      {live.percent !== undefined && (
        <ProgressBar percent={live.percent} label={`Progress of ${model}`} message={live.message ?? ""} />
      )}
      {live.message && <p className={live.waiting ? "text-warn" : "text-muted"}>{live.message}</p>}
      {live.text && (
        <div className="writing wrap-anywhere">
          <Suspense fallback={<p className="whitespace-pre-wrap">{live.text}</p>}>
            <Markdown text={live.text} timestamps={NO_TIMESTAMPS} duration={null} onSeek={stay} />
          </Suspense>
        </div>
      )}
    </>
  );
}

/** While it is written, nobody has looked for timestamps in it. */
function stay(): void {}
