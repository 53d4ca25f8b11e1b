import { diffWordsWithSpace } from "diff";
import { useMemo } from "react";
import { plainText } from "@/features/results/plain-text";

interface WordDiffProps {
  baseline: string;
  text: string;
}

/** What a text says other than the baseline: added words in one colour, missing ones struck through in another. */
export default function WordDiff({ baseline, text }: WordDiffProps) {
  const parts = useMemo(() => placed(baseline, text), [baseline, text]);
  return (
    <p className="wrap-anywhere whitespace-pre-wrap">
      {parts.map(({ place, value, added, removed }) => {
        if (added)
          return (
            <ins key={place} className="rounded bg-good-soft text-good">
              {value}
            </ins>
          );
        if (removed)
          return (
            <del key={place} className="rounded bg-bad-soft text-bad">
              {value}
            </del>
          );
        return value;
      })}
    </p>
  );
}

/** The parts with the place of each, which is all that tells equal ones apart. */
function placed(baseline: string, text: string) {
  return diffWordsWithSpace(plainText(baseline), plainText(text)).map((part, place) => ({ ...part, place }));
}
