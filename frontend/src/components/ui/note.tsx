import { CircleAlert, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { TONE_FILL, TONE_TEXT } from "@/components/ui/tone";

type NoteTone = "busy" | "quiet" | "warn" | "bad";

const ICONS: Record<NoteTone, LucideIcon> = {
  busy: Info,
  quiet: Info,
  warn: TriangleAlert,
  bad: CircleAlert,
};

interface NoteProps {
  tone: NoteTone;
  title?: string;
  /** Read it out at once: for the answer to what a person has just done. */
  urgent?: boolean;
  action?: ReactNode;
  children: ReactNode;
}

/** A message in the flow of a screen. */
export function Note({ tone, title, urgent = false, action, children }: NoteProps) {
  const Icon = ICONS[tone];
  return (
    <div
      role={urgent ? "alert" : undefined}
      className={`flex items-start gap-2.5 rounded-md px-3 py-2.5 text-sm ${TONE_FILL[tone]}`}
    >
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${TONE_TEXT[tone]}`} />
      <div className="min-w-0 flex-1">
        {title && <p className="font-semibold">{title}</p>}
        <div className="text-ink">{children}</div>
      </div>
      {action}
    </div>
  );
}
