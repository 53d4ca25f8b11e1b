import { Button } from "@/components/ui/button";
import { ProblemNote } from "@/components/ui/problem-note";
import { useSampleVideo } from "@/features/videos/queries";
import type { Video } from "@/lib/api/types";

/** What to do where there is no video yet. */
export function FirstVideo({ onReady }: { onReady: (video: Video) => void }) {
  const sample = useSampleVideo(onReady);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3 rounded-md bg-accent-soft px-4 py-3">
        <p className="text-sm">
          <span className="font-semibold">No videos yet.</span> Add your own, or try it with a short one made
          for this.
        </p>
        <Button look="primary" disabled={sample.isPending} onClick={() => sample.mutate()}>
          {sample.isPending ? "Making the sample video …" : "Use the sample video"}
        </Button>
      </div>
      {sample.error && <ProblemNote error={sample.error} />}
    </div>
  );
}
