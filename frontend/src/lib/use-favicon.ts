import { useEffect } from "react";

/** Draws a ring around the page's mark that is filled as far as `percent` says; null: the mark alone. */
export function useFavicon(percent: number | null): void {
  const shown = percent === null ? null : Math.floor(percent / 4) * 4;
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
    if (!link || shown === null) return;
    const before = link.href;
    link.href = `data:image/svg+xml,${encodeURIComponent(ring(shown))}`;
    return () => {
      link.href = before;
    };
  }, [shown]);
}

function ring(percent: number): string {
  const around = 2 * Math.PI * 12;
  const circle = `cx="16" cy="16" r="12" fill="none" stroke-width="7"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle ${circle} stroke="#9aa7b0"/><circle ${circle} stroke="#1f8fce" stroke-dasharray="${(around * percent) / 100} ${around}" transform="rotate(-90 16 16)"/></svg>`;
}
