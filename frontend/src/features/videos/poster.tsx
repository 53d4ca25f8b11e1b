import { Film } from "lucide-react";
import { useState } from "react";
import { posterUrl } from "@/features/videos/queries";

/** A still picture of a video, or a sign where there is none. */
export function Poster({ id }: { id: string }) {
  const [missing, setMissing] = useState(false);
  return (
    <span className="flex aspect-video min-h-full items-center justify-center bg-sunken">
      {missing ? (
        <Film aria-hidden className="size-6 text-muted" />
      ) : (
        <img
          src={posterUrl(id)}
          alt=""
          loading="lazy"
          className="size-full object-cover"
          onError={() => setMissing(true)}
        />
      )}
    </span>
  );
}
