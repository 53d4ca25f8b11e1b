import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { Menu } from "@/components/ui/menu";
import { toasts } from "@/components/ui/toasts";
import { apiFile } from "@/lib/api/client";
import type { ExportRequest } from "@/lib/api/types";
import { saveFile } from "@/lib/save-file";

const FORMATS = {
  csv: "One spreadsheet (CSV)",
  json: "Archive of JSON files",
  md: "Archive of Markdown files",
  html: "Archive of pages (HTML)",
} as const;

/** Saves the answers of many comparisons as one file. */
export function ExportMany({ asked }: { asked: Omit<ExportRequest, "format"> }) {
  const save = useMutation({
    mutationFn: (format: keyof typeof FORMATS) => apiFile("jobs/export", { ...asked, format }),
    onSuccess: ({ name, data }) => {
      saveFile(name, data);
      toasts.show(`${name} is saved`);
    },
    onError: (error) => toasts.show(error.message, { tone: "bad" }),
  });
  const formats = Object.keys(FORMATS) as (keyof typeof FORMATS)[];
  return (
    <Menu
      label="Export"
      disabled={save.isPending}
      items={formats.map((format) => ({ word: FORMATS[format], run: () => save.mutate(format) }))}
    >
      <Download aria-hidden className="size-4" />
      {save.isPending ? "Exporting …" : "Export"}
    </Menu>
  );
}
