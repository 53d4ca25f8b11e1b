import { formatAge } from "@/lib/format";
import { useNow } from "@/lib/use-now";

/** A moment as its age; the exact time on hover. */
export function Age({ at }: { at: string }) {
  const now = useNow(30_000);
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {formatAge(at, now)}
    </time>
  );
}
