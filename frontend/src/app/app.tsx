import { QueryClientProvider } from "@tanstack/react-query";
import { Suspense } from "react";
import { Route, Router, Switch, useLocation } from "wouter";
import { NotFoundPage } from "@/app/not-found-page";
import ComparePage from "@/app/page";
import { Shell } from "@/app/shell";
import { Shortcuts } from "@/app/shortcuts";
import { ErrorBoundary } from "@/components/ui/error-boundary";
import { JobNotifier } from "@/features/jobs/job-notifier";
import { Live } from "@/features/jobs/live";
import { pagePrefix } from "@/lib/api/client";
import { later } from "@/lib/later";
import { makeQueryClient } from "@/lib/query-client";

const JobsPage = later(() => import("@/app/jobs/page"));
const ViewPage = later(() => import("@/app/jobs/view-page"));
const VideosPage = later(() => import("@/app/videos/page"));
const SettingsPage = later(() => import("@/app/settings/page"));
const JobPage = later(() => import("@/app/jobs/job-page"));

const client = makeQueryClient();

/** The page below the prefix at which it is served. */
export function App() {
  return (
    <ErrorBoundary>
      <QueryClientProvider client={client}>
        <Live>
          <Router base={pagePrefix()}>
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
