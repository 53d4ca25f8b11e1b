import { type ReactNode, useId, useRef } from "react";
import { Button } from "@/components/ui/button";

interface ConfirmButtonProps {
  /** What the button and the dialog's own button say, for example "Delete". */
  action: string;
  question: string;
  children: ReactNode;
  icon: ReactNode;
  label?: string;
  className?: string;
  onConfirm: () => void;
}

/** A button whose action cannot be taken back: it asks first. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const close = () => dialog.current?.close();
  return (
    <>
      <Button
        look="quiet"
        aria-label={props.label}
        className={props.className}
        onClick={() => dialog.current?.showModal()}
      >
        {props.icon}
      </Button>
      <dialog
        ref={dialog}
        aria-labelledby={title}
        className="m-auto w-full max-w-sm rounded-lg border border-line bg-panel p-5 text-left text-ink backdrop:bg-black/50"
      >
        <h2 id={title} className="font-semibold text-lg">
          {props.question}
        </h2>
        <div className="mt-1 text-muted text-sm">{props.children}</div>
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={close}>Keep</Button>
          <Button
            look="danger"
            onClick={() => {
              close();
              props.onConfirm();
            }}
          >
            {props.action}
          </Button>
        </div>
      </dialog>
    </>
  );
}
