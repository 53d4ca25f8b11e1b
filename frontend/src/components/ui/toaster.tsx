import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";
import { toasts } from "@/components/ui/toasts";

/** Where the toasts show; once in the page. */
export function Toaster() {
  const list = useSyncExternalStore(toasts.subscribe, toasts.snapshot);
  return (
    <div
      role="status"
      aria-label="Messages"
      className="pointer-events-none fixed inset-x-4 bottom-20 z-40 flex flex-col items-center gap-2 sm:bottom-6"
    >
      {list.map(({ id, text, tone, action }) => (
        <div
          key={id}
          className={`pointer-events-auto flex w-full max-w-md items-center gap-2 rounded-lg py-1.5 pr-1.5 pl-4 text-sm shadow-lg ${tone === "bad" ? "bg-bad text-panel" : "bg-ink text-canvas"}`}
        >
          <span className="min-w-0 flex-1 wrap-anywhere py-1">{text}</span>
          {action && (
            <Button
              look="plain"
              className="text-ink"
              onClick={() => {
                action.run();
                toasts.remove(id);
              }}
            >
              {action.word}
            </Button>
          )}
          <button
            type="button"
            aria-label="Dismiss"
            onClick={() => toasts.remove(id)}
            className="flex size-9 items-center justify-center rounded-md opacity-80 hover:opacity-100"
          >
            <X aria-hidden className="size-4" />
          </button>
        </div>
      ))}
    </div>
  );
}
