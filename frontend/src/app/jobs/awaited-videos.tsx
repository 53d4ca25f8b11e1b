import { Panel } from "@/components/ui/panel";
import { awaitedUploads } from "@/features/results/awaited";
import { AwaitedUploadRow } from "@/features/videos/awaited-upload-row";
import type { StepList } from "@/lib/api/types";

/** The videos that a comparison waits for; nothing when all are there. */
export function AwaitedVideos({ steps }: { steps: StepList }) {
  const awaited = [...awaitedUploads(steps.live)];
  if (awaited.length === 0) return null;
  return (
    <Panel title="Waiting for uploads">
      <ul aria-label="Uploads" className="flex flex-col gap-3">
        {awaited.map(([id, upload]) => (
          <AwaitedUploadRow key={id} uploadId={id} upload={upload} />
        ))}
      </ul>
    </Panel>
  );
}
