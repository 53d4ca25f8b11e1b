import { type ReactNode, useId } from "react";

interface PanelProps {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}

/** A titled region of a screen; the title is also its accessible name. */
export function Panel({ title, aside, children }: PanelProps) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className="min-w-0 rounded-lg border border-line bg-panel">
      <div className="flex min-h-12 items-center justify-between gap-3 px-4 pt-2">
        <h2 id={heading} className="font-semibold">
          {title}
        </h2>
        {aside}
      </div>
      <div className="px-4 pt-1 pb-4">{children}</div>
    </section>
  );
}
