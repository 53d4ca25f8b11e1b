import { useEffect } from "react";

/** What the page calls itself, as its HTML says. */
const NAME = document.title;

/** Names the browser's tab while the screen is shown. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} – ${NAME}` : NAME;
  }, [title]);
}
