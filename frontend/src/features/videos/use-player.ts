import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { seek } from "@/features/videos/video-player";

export interface PlayerControls {
  ref: RefObject<HTMLVideoElement | null>;
  seek: (seconds: number) => void;
  /** Moves by so many seconds. */
  skip: (seconds: number) => void;
  toggle: () => void;
}

/** A player that is steered from elsewhere on the screen. */
export function usePlayer(): PlayerControls {
  const ref = useRef<HTMLVideoElement>(null);
  return useMemo(
    () => ({
      ref,
      seek: (seconds) => seek(ref.current, seconds),
      skip: (seconds) => {
        if (ref.current) ref.current.currentTime = Math.max(0, ref.current.currentTime + seconds);
      },
      toggle: () => {
        if (ref.current?.paused) void ref.current.play();
        else ref.current?.pause();
      },
    }),
    [],
  );
}

/** Where the player is, in seconds. */
export function usePlayerTime(ref: RefObject<HTMLVideoElement | null>): number {
  const [time, setTime] = useState(0);
  useEffect(() => {
    const { current } = ref;
    if (!current) return;
    const read = () => setTime(current.currentTime);
    for (const event of ["timeupdate", "seeking"]) current.addEventListener(event, read);
    return () => {
      for (const event of ["timeupdate", "seeking"]) current.removeEventListener(event, read);
    };
  }, [ref]);
  return time;
}
