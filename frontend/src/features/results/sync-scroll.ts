import { useCallback, useRef } from "react";

/** Where a text is scrolled to: which block is at the top, how much of it is above, and how much of the whole. */
export interface Place {
  block: number;
  within: number;
  whole: number;
  blocks: number;
}

/** Where blocks start, and the height of all, in pixels. */
export interface Measure {
  starts: number[];
  height: number;
  room: number;
}

export function placeAt(top: number, { starts, height, room }: Measure): Place {
  const block = Math.max(
    0,
    starts.findLastIndex((start) => start <= top),
  );
  const from = starts[block] ?? 0;
  const to = starts[block + 1] ?? height;
  const most = Math.max(1, height - room);
  return { block, within: (top - from) / Math.max(1, to - from), whole: top / most, blocks: starts.length };
}

/** The same place in another text: by blocks where both have as many, else by proportion. */
export function topOf(place: Place, { starts, height, room }: Measure): number {
  if (starts.length !== place.blocks) return place.whole * Math.max(0, height - room);
  const from = starts[place.block] ?? 0;
  const to = starts[place.block + 1] ?? height;
  return from + place.within * (to - from);
}

/** Lets the boxes that it is given scroll together; answers what each box needs. */
export function useSyncScroll(together: boolean) {
  const boxes = useRef(new Map<string, HTMLElement>());
  const leader = useRef<HTMLElement | null>(null);
  return useCallback(
    (name: string) => ({
      ref: (box: HTMLElement | null) => {
        if (box) boxes.current.set(name, box);
        else boxes.current.delete(name);
      },
      onPointerEnter: () => {
        leader.current = boxes.current.get(name) ?? null;
      },
      onFocus: () => {
        leader.current = boxes.current.get(name) ?? null;
      },
      onScroll: () => {
        const box = boxes.current.get(name);
        // The others scroll because this one did: their own events would start it all over again.
        if (!together || !box || (leader.current && leader.current !== box)) return;
        const place = placeAt(box.scrollTop, measure(box));
        for (const other of boxes.current.values()) {
          if (other !== box) other.scrollTop = topOf(place, measure(other));
        }
      },
    }),
    [together],
  );
}

function measure(box: HTMLElement): Measure {
  const blocks = [...(box.querySelector(".answer")?.children ?? [])] as HTMLElement[];
  const top = box.getBoundingClientRect().top - box.scrollTop;
  return {
    starts: blocks.map((block) => block.getBoundingClientRect().top - top),
    height: box.scrollHeight,
    room: box.clientHeight,
  };
}
