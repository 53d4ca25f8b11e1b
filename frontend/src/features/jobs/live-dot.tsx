import { Circle, CircleDashed, CircleDot, type LucideIcon, RefreshCw } from "lucide-react";
import { TONE_TEXT, type Tone } from "@/components/ui/tone";
import { useLiveMode } from "@/features/jobs/live";
import type { LiveMode } from "@/lib/live";

interface ModeLook {
  word: string;
  description: string;
  icon: LucideIcon;
  tone: Tone;
}

const MODE_LOOKS: Record<LiveMode, ModeLook> = {
  connecting: {
    word: "Connecting",
    description: "Looking for the server",
    icon: CircleDashed,
    tone: "quiet",
  },
  live: { word: "Live", description: "Changes show at once", icon: CircleDot, tone: "good" },
  polling: { word: "Polling", description: "Changes show within two seconds", icon: RefreshCw, tone: "warn" },
  offline: { word: "Offline", description: "Updates resume by themselves", icon: Circle, tone: "bad" },
};

export function LiveDot() {
  const { word, description, icon: Icon, tone } = MODE_LOOKS[useLiveMode()];
  return (
    <span
      role="status"
      aria-label="Updates"
      title={description}
      className={`flex items-center gap-1.5 text-xs ${TONE_TEXT[tone]}`}
    >
      <Icon aria-hidden className="size-3.5" />
      {word}
    </span>
  );
}
