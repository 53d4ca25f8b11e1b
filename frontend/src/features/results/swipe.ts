import { type TouchEvent, useRef } from "react";

/** A finger that goes so far to the side, and not half as far up or down, swipes; in pixels. */
const FAR = 60;

/** Hears of swipes: 1 to the next, which is to the left, and -1 back. Answers what the swiped element needs. */
export function useSwipe(onSwipe: (step: 1 | -1) => void) {
  const start = useRef<{ x: number; y: number } | null>(null);
  return {
    onTouchStart: ({ touches, target }: TouchEvent) => {
      const touch = touches.length === 1 ? touches[0] : undefined;
      // What scrolls sideways itself, such as a table or code, keeps its swipes.
      const scrolls = (target as Element).closest("table, pre, input, select");
      start.current = touch && !scrolls ? { x: touch.clientX, y: touch.clientY } : null;
    },
    onTouchEnd: ({ changedTouches }: TouchEvent) => {
      const touch = changedTouches[0];
      if (!start.current || !touch) return;
      const [x, y] = [touch.clientX - start.current.x, touch.clientY - start.current.y];
      start.current = null;
      if (Math.abs(x) >= FAR && Math.abs(y) < Math.abs(x) / 2) onSwipe(x < 0 ? 1 : -1);
    },
  };
}
