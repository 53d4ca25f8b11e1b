import type { ReactNode } from "react";
import { Link, useRoute } from "wouter";
import { LiveDot } from "@/app/live-dot";
import { OfflineBanner, useAway } from "@/app/offline-banner";
import { useCounts } from "@/features/jobs/queries";

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
      <header className="sticky top-0 z-20 flex h-14 items-center gap-4 border-line border-b bg-panel px-4">
        <Link href="/" className="flex items-center gap-2 font-semibold">
          <Mark />
          <span className="hidden sm:inline">Longtake Compare</span>
        </Link>
        <nav aria-label="Main" className="flex gap-1">
          <NavLink href="/" pattern="/">
            Compare
          </NavLink>
          <NavLink href="/jobs" pattern="/jobs/*?">
            Jobs
            <ActiveCount />
          </NavLink>
        </nav>
        <div className="ml-auto">
          <LiveDot />
        </div>
      </header>
      <main id="main" tabIndex={-1} className="px-4 pt-5 outline-none sm:pb-10">
        {away && (
          <div className="mx-auto mb-4 max-w-6xl">
            <OfflineBanner />
          </div>
        )}
        <div className={away ? "grayscale" : ""}>{children}</div>
      </main>
    </>
  );
}

function NavLink({ href, pattern, children }: { href: string; pattern: string; children: ReactNode }) {
  const [here] = useRoute(pattern);
  return (
    <Link
      href={href}
      aria-current={here ? "page" : undefined}
      className={`flex min-h-9 items-center gap-1.5 rounded-md px-3 text-sm ${here ? "bg-accent-soft font-semibold text-accent" : "text-muted hover:bg-sunken hover:text-ink"}`}
    >
      {children}
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
