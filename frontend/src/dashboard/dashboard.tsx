import { QueryClientProvider } from "@tanstack/react-query";
import { Route, Router, Switch, useLocation } from "wouter";
import { ErrorBoundary } from "@/components/ui/error-boundary";
import { JobScreen } from "@/dashboard/job-screen";
import { JobsScreen } from "@/dashboard/jobs-screen";
import { Shell } from "@/dashboard/shell";
import { JobNotifier } from "@/features/jobs/job-notifier";
import { Live } from "@/features/jobs/live";
import { pagePrefix } from "@/lib/api/client";
import { makeQueryClient } from "@/lib/query-client";

const client = makeQueryClient();

/** The library's own page: the jobs of any app, whatever their kinds, below the prefix at which it is served. */
export function Dashboard() {
  return (
    <ErrorBoundary>
      <QueryClientProvider client={client}>
        <Live>
          <Router base={pagePrefix()}>
            <Shell>
              <Screens />
            </Shell>
            <Notifier />
          </Router>
        </Live>
      </QueryClientProvider>
    </ErrorBoundary>
  );
}

function Screens() {
  const [path] = useLocation();
  return (
    <ErrorBoundary key={path}>
      <Switch>
        <Route path="/" component={JobsScreen} />
        <Route path="/:id">{({ id }) => <JobScreen key={id} id={id} />}</Route>
      </Switch>
    </ErrorBoundary>
  );
}

function Notifier() {
  const [, navigate] = useLocation();
  return <JobNotifier onOpen={(id) => navigate(`/${id}`)} />;
}
