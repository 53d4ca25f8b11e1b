import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import { Button } from "@/components/ui/button";

export interface MenuItem {
  word: string;
  icon?: ReactNode;
  /** A link to follow, or a function to call. */
  href?: string;
  download?: boolean;
  run?: () => void;
}

interface MenuProps {
  /** The name of the button. */
  label: string;
  children: ReactNode;
  items: MenuItem[];
  disabled?: boolean;
}

/** A button that opens a list of actions; the browser closes it on Escape and on a click elsewhere. */
export function Menu({ label, children, items, disabled = false }: MenuProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const place = () => {
    const [from, menu] = [button.current?.getBoundingClientRect(), list.current];
    if (!from || !menu) return;
    const below = from.bottom + 4;
    const fits = below + menu.offsetHeight <= window.innerHeight;
    menu.style.top = `${fits ? below : Math.max(8, from.top - 4 - menu.offsetHeight)}px`;
    menu.style.left = `${Math.max(8, from.right - menu.offsetWidth)}px`;
    (menu.firstElementChild as HTMLElement | null)?.focus();
  };
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...event.currentTarget.children] as HTMLElement[];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + step + all.length) % all.length]?.focus();
  };
  return (
    <>
      <Button ref={button} aria-label={label} aria-haspopup="menu" popoverTarget={id} disabled={disabled}>
        {children}
      </Button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        onToggle={({ newState }) => newState === "open" && place()}
        onKeyDown={move}
        className="fixed m-0 min-w-44 rounded-lg border border-line bg-panel p-1 text-ink shadow-lg"
      >
        {items.map((item) => (
          <Item key={item.word} item={item} onDone={() => list.current?.hidePopover()} />
        ))}
      </div>
    </>
  );
}

const ITEM =
  "flex min-h-9 w-full items-center gap-2 rounded-md px-3 text-left text-sm hover:bg-sunken focus:bg-sunken";

function Item({ item, onDone }: { item: MenuItem; onDone: () => void }) {
  const { word, icon, href, download, run } = item;
  if (href) {
    return (
      <a role="menuitem" href={href} download={download} onClick={onDone} className={ITEM}>
        {icon}
        {word}
      </a>
    );
  }
  return (
    <button
      type="button"
      role="menuitem"
      onClick={() => {
        onDone();
        run?.();
      }}
      className={ITEM}
    >
      {icon}
      {word}
    </button>
  );
}
