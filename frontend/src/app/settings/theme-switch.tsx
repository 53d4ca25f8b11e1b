import { Monitor, Moon, Sun } from "lucide-react";
import { Button } from "@/components/ui/button";
import { chooseTheme, type Theme, useTheme } from "@/lib/theme";

export const THEMES: Record<Theme, { word: string; icon: typeof Sun }> = {
  system: { word: "As the system", icon: Monitor },
  light: { word: "Light", icon: Sun },
  dark: { word: "Dark", icon: Moon },
};

export function ThemeSwitch() {
  const chosen = useTheme();
  return (
    <fieldset className="flex flex-wrap items-center gap-2">
      <legend className="float-left mr-4 text-sm">Colours</legend>
      {(Object.keys(THEMES) as Theme[]).map((theme) => {
        const { word, icon: Icon } = THEMES[theme];
        return (
          <Button key={theme} aria-pressed={chosen === theme} onClick={() => chooseTheme(theme)}>
            <Icon aria-hidden className="size-4" />
            {word}
          </Button>
        );
      })}
    </fieldset>
  );
}
