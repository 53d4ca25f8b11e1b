import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Route, Router, Switch, useLocation } from "wouter";
import { Live } from "@/app/live";
import { NotFoundPage } from "@/app/not-found-page";
import ComparePage from "@/app/page";
import { Shell } from "@/app/shell";
import { Shortcuts } from "@/app/shortcuts";
import { ErrorBoundary } from "@/components/ui/error-boundary";
import { JobNotifier } from "@/features/jobs/job-notifier";

const JobsPage = lazy(() => import("@/app/jobs/page"));
const ViewPage = lazy(() => import("@/app/jobs/view-page"));
const VideosPage = lazy(() => import("@/app/videos/page"));
const SettingsPage = lazy(() => import("@/app/settings/page"));
const JobPage = lazy(() => import("@/app/jobs/job-page"));

// The live client decides when to fetch again. The server is often on this machine, so that being without a
// network says nothing of whether it answers.
const client = new QueryClient({
  defaultOptions: {
    queries: { networkMode: "always", retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false },
    mutations: { networkMode: "always", retry: false },
  },
});

/** The page below the prefix at which it is served. */
export function App() {
  const prefix = new URL(document.baseURI).pathname.replace(/\/$/, "");
  return (
    <ErrorBoundary>
      <QueryClientProvider client={client}>
        <Live>
          <Router base={prefix}>
            <Shell>
              <Screens />
            </Shell>
            <Notifier />
            <Shortcuts />
          </Router>
        </Live>
      </QueryClientProvider>
    </ErrorBoundary>
  );
}

function Notifier() {
  const [, navigate] = useLocation();
  return <JobNotifier onOpen={(id) => navigate(`/jobs/${id}`)} />;
}

function Screens() {
  const [path] = useLocation();
  return (
    <ErrorBoundary key={path}>
      <Suspense fallback={null}>
        <Switch>
          <Route path="/" component={ComparePage} />
          <Route path="/jobs" component={JobsPage} />
          <Route path="/jobs/:id" component={JobPage} />
          <Route path="/jobs/:id/view" component={ViewPage} />
          <Route path="/videos" component={VideosPage} />
          <Route path="/settings" component={SettingsPage} />
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}
