import { apiUrl } from "@/lib/api/client";

/** An upload that an earlier visit left behind; only the file's owner can go on with it. */
export interface Unfinished {
  key: string;
  name: string;
  size: number;
  url: string | null;
}

/** Where the upload library keeps them in this browser. */
const PREFIX = "tus::";

export function unfinishedUploads(): Unfinished[] {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .flatMap((key) => {
      const stored = parse(localStorage.getItem(key));
      const { metadata, size, uploadUrl = null } = stored ?? {};
      return metadata?.filename && size ? [{ key, name: metadata.filename, size, url: uploadUrl }] : [];
    });
}

/** Forgets it, here and on the server. */
export function forgetUnfinished({ key, url }: Unfinished): void {
  localStorage.removeItem(key);
  if (!url?.startsWith(apiUrl("uploads/"))) return;
  const headers = { "Tus-Resumable": "1.0.0" };
  // Whatever is left there, the server collects a day later.
  void fetch(url, { method: "DELETE", headers }).catch(() => undefined);
}

function parse(
  text: string | null,
): { metadata?: { filename?: string }; size?: number; uploadUrl?: string } | null {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}
