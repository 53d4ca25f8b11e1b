import type { LucideIcon } from "lucide-react";
import { TONE_FILL, type Tone } from "@/components/ui/tone";

interface BadgeProps {
  icon?: LucideIcon;
  word: string;
  tone: Tone;
  spinning?: boolean;
  title?: string;
}

export function Badge({ icon: Icon, word, tone, spinning = false, title }: BadgeProps) {
  return (
    <span
      title={title}
      className={`inline-flex items-center gap-1 rounded-full px-2 py-0.5 font-medium text-xs whitespace-nowrap ${TONE_FILL[tone]}`}
    >
      {Icon && <Icon aria-hidden className={`size-3.5 ${spinning ? "motion-safe:animate-spin" : ""}`} />}
      {word}
    </span>
  );
}
