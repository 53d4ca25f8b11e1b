import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Route, Router, Switch, useLocation } from "wouter";
import JobPage from "@/app/jobs/job-page";
import JobsPage from "@/app/jobs/page";
import { Live } from "@/app/live";
import { NotFoundPage } from "@/app/not-found-page";
import ComparePage from "@/app/page";
import { Shell } from "@/app/shell";
import { ErrorBoundary } from "@/components/ui/error-boundary";

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
        <Route path="/" component={ComparePage} />
        <Route path="/jobs" component={JobsPage} />
        <Route path="/jobs/:id" component={JobPage} />
        <Route component={NotFoundPage} />
      </Switch>
    </ErrorBoundary>
  );
}
