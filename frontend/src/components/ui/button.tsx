import type { ComponentProps } from "react";

type Look = "primary" | "plain" | "quiet" | "danger";

const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  plain: "border border-edge/60 bg-panel hover:bg-sunken",
  quiet: "text-muted hover:bg-sunken hover:text-ink",
  danger: "bg-bad text-panel hover:opacity-90",
};

const BASE =
  "inline-flex min-h-9 items-center justify-center gap-1.5 rounded-md px-3 py-1.5 font-medium text-sm disabled:cursor-not-allowed disabled:bg-sunken disabled:text-muted disabled:border-transparent aria-[pressed=true]:border-accent aria-[pressed=true]:bg-accent-soft aria-[pressed=true]:text-accent";

interface ButtonProps extends ComponentProps<"button"> {
  look?: Look;
}

/** A button; with `aria-pressed` it shows whether it is on. */
export function Button({ look = "plain", className = "", ...rest }: ButtonProps) {
  return <button type="button" className={`${BASE} ${LOOKS[look]} ${className}`} {...rest} />;
}
