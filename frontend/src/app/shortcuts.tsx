import { Suspense, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { useHotkeys } from "@/lib/hotkeys";
import { later } from "@/lib/later";

const Palette = later(() => import("@/app/palette"));
const KeyHelp = later(() => import("@/app/key-help"));

/** Opens the palette from anywhere. */
export const PALETTE_EVENT = "longtake-palette";

/** The keys that act on every screen, and the windows that they open. */
export function Shortcuts() {
  const [, navigate] = useLocation();
  const [open, setOpen] = useState<"palette" | "help" | null>(null);
  useHotkeys([
    { keys: "g c", does: "Go to Compare", run: () => navigate("/") },
    { keys: "g j", does: "Go to Jobs", run: () => navigate("/jobs") },
    { keys: "g v", does: "Go to Videos", run: () => navigate("/videos") },
    { keys: "g s", does: "Go to Settings", run: () => navigate("/settings") },
    { keys: "?", does: "Show the keys", run: () => setOpen("help") },
  ]);
  useEffect(() => {
    const show = () => setOpen("palette");
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      show();
    };
    window.addEventListener("keydown", press);
    window.addEventListener(PALETTE_EVENT, show);
    return () => {
      window.removeEventListener("keydown", press);
      window.removeEventListener(PALETTE_EVENT, show);
    };
  }, []);
  const close = () => setOpen(null);
  return (
    <Suspense fallback={null}>
      {open === "palette" && <Palette onClose={close} />}
      {open === "help" && <KeyHelp onClose={close} />}
    </Suspense>
  );
}
