import type { Sender, SendReport } from "@/features/videos/sender";
import { offers } from "@/lib/api/offers";

/**
 * The best way that the server offers: one that survives breaks, or else a plain form.
 *
 * `uploadId` names an upload of the same file that is to be continued.
 */
export async function createSender(file: File, report: SendReport, uploadId?: string): Promise<Sender> {
  if (await offers("/api/uploads").catch(() => false)) {
    const { ResumableSender } = await import("@/features/videos/resumable-sender");
    return new ResumableSender(file, report, uploadId);
  }
  const { FormSender } = await import("@/features/videos/form-sender");
  return new FormSender(file, report);
}
