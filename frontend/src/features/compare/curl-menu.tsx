import { MoreHorizontal, Terminal } from "lucide-react";
import { Menu } from "@/components/ui/menu";
import { toasts } from "@/components/ui/toasts";
import type { Draft } from "@/features/compare/draft";
import type { RunOptions } from "@/features/compare/run-options";
import { curlOf } from "@/features/compare/submit";

interface CurlMenuProps {
  draft: Draft;
  options: RunOptions;
  /** While something is missing, there is no such command. */
  disabled: boolean;
}

/** The form as a command for a terminal. */
export function CurlMenu({ draft, options, disabled }: CurlMenuProps) {
  if (disabled || !navigator.clipboard) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(curlOf(draft, options));
    toasts.show("Command copied");
  };
  return (
    <Menu
      label="More"
      items={[{ word: "Copy as curl", icon: <Terminal aria-hidden className="size-4" />, run: copy }]}
    >
      <MoreHorizontal aria-hidden className="size-4" />
    </Menu>
  );
}
