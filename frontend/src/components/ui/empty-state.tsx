import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  /** h1 where this is all that the screen shows. */
  heading?: "h1" | "p";
  children?: ReactNode;
}

export function EmptyState({ icon: Icon, title, heading: Heading = "p", children }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-10 text-center">
      <Icon aria-hidden className="size-8 text-muted" strokeWidth={1.5} />
      <Heading className="font-semibold">{title}</Heading>
      {children}
    </div>
  );
}
