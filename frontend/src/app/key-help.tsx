import { useState } from "react";
import { KeysSwitch } from "@/app/settings/keys-switch";
import { Dialog } from "@/components/ui/dialog";
import { hotkeysNow } from "@/lib/hotkeys";

const NAMES: Record<string, string> = { " ": "Space", ArrowLeft: "←", ArrowRight: "→" };

/** The keys that do something on the screen below. */
export default function KeyHelp({ onClose }: { onClose: () => void }) {
  const [hotkeys] = useState(hotkeysNow);
  const shown = [
    ...hotkeys.map(({ keys, does }) => ({ keys, does })),
    { keys: "Ctrl+K", does: "Find and go" },
  ];
  return (
    <Dialog title="Keys" onClose={onClose} wide>
      <dl className="my-3 grid gap-x-6 gap-y-1.5 text-sm sm:grid-cols-2">
        {shown.map(({ keys, does }) => (
          <div key={keys} className="flex items-baseline gap-3">
            <dt className="w-16 shrink-0 text-right">
              <kbd className="rounded border border-line bg-sunken px-1.5 font-mono text-xs">
                {NAMES[keys] ?? keys}
              </kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <KeysSwitch />
    </Dialog>
  );
}
