import { useEffect, useState } from "react";

/** The time, renewed every `every` milliseconds while `ticking`. */
export function useNow(every: number, ticking = true): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (!ticking) return;
    setNow(new Date());
    const timer = setInterval(() => setNow(new Date()), every);
    return () => clearInterval(timer);
  }, [every, ticking]);
  return now;
}
