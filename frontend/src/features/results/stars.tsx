import { Star } from "lucide-react";
import type { Rating } from "@/lib/api/types";

const FIVE = [1, 2, 3, 4, 5];

interface StarsProps {
  /** What is rated, in words. */
  label: string;
  rating: Rating | undefined;
  onRate: (rating: Rating) => void;
}

/** One to five stars; pressing the same number again takes them back. */
export function Stars({ label, rating, onRate }: StarsProps) {
  const { stars = null, note = "" } = rating ?? {};
  return (
    <fieldset className="-ml-1 flex">
      <legend className="sr-only">{label}</legend>
      {FIVE.map((number) => (
        <button
          key={number}
          type="button"
          aria-pressed={stars === number}
          aria-label={number === 1 ? "1 star" : `${number} stars`}
          onClick={() => onRate({ stars: stars === number ? null : number, note })}
          className="flex size-6 items-center justify-center rounded text-muted hover:text-warn"
        >
          <Star
            aria-hidden
            className={`size-4 ${stars !== null && number <= stars ? "fill-current text-warn" : ""}`}
          />
        </button>
      ))}
    </fieldset>
  );
}
