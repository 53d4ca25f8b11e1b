import { useState } from "react";
import { hotkeysAreOn, switchHotkeys } from "@/lib/hotkeys";

/** Single keys can be in the way of speech input: then they can be switched off. */
export function KeysSwitch() {
  const [on, setOn] = useState(hotkeysAreOn);
  return (
    <label className="flex items-center gap-2 text-sm">
      <input
        type="checkbox"
        checked={on}
        onChange={({ target }) => {
          switchHotkeys(target.checked);
          setOn(target.checked);
        }}
        className="size-4 accent-accent"
      />
      Single keys act (press ? to see which)
    </label>
  );
}
