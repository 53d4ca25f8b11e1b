import { Monitor, Moon, Sun } from "lucide-react";
import { Segments } from "@/components/ui/segments";
import { chooseTheme, type Theme, useTheme } from "@/lib/theme";

export const THEMES: Record<Theme, { word: string; icon: typeof Sun }> = {
  system: { word: "As the system", icon: Monitor },
  light: { word: "Light", icon: Sun },
  dark: { word: "Dark", icon: Moon },
};

export function ThemeSwitch() {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
      <span aria-hidden>Colours</span>
      <Segments label="Colours" choices={THEMES} chosen={useTheme()} onChoose={chooseTheme} />
    </div>
  );
}
