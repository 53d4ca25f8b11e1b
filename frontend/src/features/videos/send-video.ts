import { apiUrl, problemFrom } from "@/lib/api/client";
import type { Video } from "@/lib/api/types";

/** The connection broke while a file was under way. */
export class UploadLost extends Error {
  override readonly name = "UploadLost";

  constructor() {
    super("The connection broke. Choose the file again to start over.");
  }
}

/**
 * Uploads one file and answers the stored video. `onSent` hears how many of its bytes are under way.
 *
 * By XMLHttpRequest, because `fetch` tells nothing of an upload's progress.
 */
export function sendVideo(file: File, onSent: (bytes: number) => void, signal: AbortSignal): Promise<Video> {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append("file", file, file.name);
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => request.abort());
    request.upload.onprogress = ({ loaded }) => onSent(Math.min(loaded, file.size));
    request.onerror = () => reject(new UploadLost());
    request.onabort = () => reject(signal.reason);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText));
      else reject(problemFrom(request.status, request.responseText));
    };
    request.open("POST", apiUrl("videos"));
    request.send(form);
  });
}
