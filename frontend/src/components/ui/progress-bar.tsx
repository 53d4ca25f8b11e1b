import { formatPercent } from "@/lib/format";

interface ProgressBarProps {
  /** 0 to 100. */
  percent: number;
  label: string;
  message?: string;
}

export function ProgressBar({ percent, label, message }: ProgressBarProps) {
  const shown = formatPercent(percent);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(percent)}
      aria-valuetext={message ? `${shown}, ${message}` : shown}
      className="h-1.5 w-full overflow-hidden rounded-full bg-line"
    >
      <div
        className={`h-full rounded-full motion-safe:transition-[width] motion-safe:duration-300 bg-accent`}
        style={{ width: `${Math.min(100, Math.max(0, percent))}%` }}
      />
    </div>
  );
}
