import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { Button } from "@/components/ui/button";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
}

/** A window over the page that takes the focus until it is closed; it is open as long as it is rendered. */
export function Dialog({ title, onClose, children, wide = false }: DialogProps) {
  const heading = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog is only a second way; Escape closes it too
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onClose={onClose}
      onClick={({ target, currentTarget }) => target === currentTarget && onClose()}
      className={`m-auto w-full max-w-[calc(100vw-2rem)] rounded-lg border border-line bg-panel text-left text-ink backdrop:bg-black/50 ${wide ? "sm:max-w-2xl" : "sm:max-w-md"}`}
    >
      <div className="p-5">
        <div className="flex items-start justify-between gap-4">
          <h2 id={heading} className="font-semibold text-lg">
            {title}
          </h2>
          <Button look="quiet" aria-label="Close" className="-mt-1 -mr-2 px-2" onClick={onClose}>
            <X aria-hidden className="size-4" />
          </Button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
