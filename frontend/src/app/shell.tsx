import { Clapperboard, Film, ListVideo, type LucideIcon, Search, Settings } from "lucide-react";
import type { ReactNode } from "react";
import { Link, useRoute } from "wouter";
import { PALETTE_EVENT } from "@/app/shortcuts";
import { Button } from "@/components/ui/button";
import { Toaster } from "@/components/ui/toaster";
import { StandinBanner } from "@/features/health/standin-banner";
import { LiveDot } from "@/features/jobs/live-dot";
import { OfflineBanner, useAway } from "@/features/jobs/offline-banner";
import { useCounts } from "@/features/jobs/queries";

interface Way {
  href: string;
  pattern: string;
  word: string;
  icon: LucideIcon;
}

const WAYS: Way[] = [
  { href: "/", pattern: "/", word: "Compare", icon: Clapperboard },
  { href: "/jobs", pattern: "/jobs/*?", word: "Jobs", icon: ListVideo },
  { href: "/videos", pattern: "/videos", word: "Videos", icon: Film },
  { href: "/settings", pattern: "/settings", word: "Settings", icon: Settings },
];

/** What surrounds every screen: the name, the ways, the state of the connection. */
export function Shell({ children }: { children: ReactNode }) {
  const away = useAway();
  return (
    <>
      <button
        type="button"
        onClick={() => document.getElementById("main")?.focus()}
        className="sr-only z-30 rounded-md bg-panel px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </button>
      <header className="sticky top-0 z-30 flex h-14 items-center gap-4 border-line border-b bg-panel px-4">
        <Link href="/" className="flex items-center gap-2 font-semibold">
          <Mark />
          <span className="sm:max-md:sr-only">Longtake Compare</span>
        </Link>
        <nav
          aria-label="Main"
          className="flex gap-1 max-sm:fixed max-sm:inset-x-0 max-sm:bottom-0 max-sm:z-30 max-sm:h-14 max-sm:justify-around max-sm:border-line max-sm:border-t max-sm:bg-panel"
        >
          {WAYS.map((way) => (
            <NavLink key={way.href} way={way} />
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-3">
          <Button
            look="quiet"
            aria-label="Find and go"
            aria-keyshortcuts="Control+K Meta+K"
            className="px-2!"
            onClick={() => window.dispatchEvent(new Event(PALETTE_EVENT))}
          >
            <Search aria-hidden className="size-4" />
          </Button>
          <LiveDot />
        </div>
      </header>
      <main id="main" tabIndex={-1} className="px-4 pt-5 pb-20 outline-none sm:pb-10">
        <div className="mb-4 flex flex-col gap-2 empty:hidden">
          <StandinBanner />
          {away && <OfflineBanner />}
        </div>
        <div className={away ? "grayscale" : ""}>{children}</div>
      </main>
      <Toaster />
    </>
  );
}

function NavLink({ way: { href, pattern, word, icon: Icon } }: { way: Way }) {
  const [here] = useRoute(pattern);
  return (
    <Link
      href={href}
      aria-current={here ? "page" : undefined}
      className={`flex min-h-9 items-center gap-x-1.5 rounded-md px-3 text-sm max-sm:flex-1 max-sm:flex-col max-sm:justify-center max-sm:text-xs ${here ? "font-semibold text-accent sm:bg-accent-soft" : "text-muted hover:bg-sunken hover:text-ink"}`}
    >
      <Icon aria-hidden className="size-5 sm:hidden" />
      <span className="flex items-center gap-1.5">
        {word}
        {href === "/jobs" && <ActiveCount />}
      </span>
    </Link>
  );
}

function ActiveCount() {
  const { data: counts } = useCounts();
  const active = counts ? counts.pending + counts.running : 0;
  if (active === 0) return null;
  return (
    <span className="rounded-full bg-accent px-1.5 font-semibold text-on-accent text-xs tabular-nums">
      {active}
      <span className="sr-only"> not finished</span>
    </span>
  );
}

function Mark() {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" className="size-7">
      <rect width="32" height="32" rx="7" fill="#0f5f8c" />
      <path d="M5 16h22" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
      <circle cx="19" cy="16" r="5" fill="#0f5f8c" stroke="#fff" strokeWidth="3" />
    </svg>
  );
}
