interface LoadingProps {
  /** What is being loaded, for those who cannot see it. */
  label: string;
  /** About how many rows will take this place. */
  rows: number;
  /** How high each will be, as a class. */
  height?: string;
}

/** Holds the place of what is being loaded, so that little moves when it comes. */
export function Loading({ label, rows, height = "h-9" }: LoadingProps) {
  return (
    <div role="status" className="loading flex flex-col gap-2">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row} aria-hidden className={`rounded-md bg-sunken ${height}`} />
      ))}
    </div>
  );
}
