import { ListVideo } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Toaster } from "@/components/ui/toaster";
import { LiveDot } from "@/features/jobs/live-dot";
import { OfflineBanner, useAway } from "@/features/jobs/offline-banner";

/** What surrounds both screens: the way to all jobs, and the state of the connection. */
export function Shell({ children }: { children: ReactNode }) {
  const away = useAway();
  return (
    <>
      <header className="sticky top-0 z-30 flex h-14 items-center justify-between border-line border-b bg-panel px-4">
        <Link href="/" className="flex min-h-9 items-center gap-2 font-semibold">
          <ListVideo aria-hidden className="size-5 text-accent" />
          All jobs
        </Link>
        <LiveDot />
      </header>
      <main id="main" className="mx-auto flex max-w-6xl flex-col gap-4 px-4 pt-5 pb-10">
        {away && <OfflineBanner />}
        <div className={away ? "grayscale" : ""}>{children}</div>
      </main>
      <Toaster />
    </>
  );
}
