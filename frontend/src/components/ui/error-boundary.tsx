import { Component, type ReactNode } from "react";
import { Button } from "@/components/ui/button";

interface ErrorBoundaryProps {
  children: ReactNode;
}

interface ErrorBoundaryState {
  error: Error | null;
}

/** Stands in for a screen that broke, so that the page is never blank. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: null };

  static getDerivedStateFromError(error: Error): ErrorBoundaryState {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    const details = `${error.name}: ${error.message}\n${error.stack ?? ""}\n${location.href}`;
    return (
      <div role="alert" className="mx-auto max-w-2xl p-6">
        <h1 className="font-semibold text-xl">This screen broke</h1>
        <p className="mt-1 text-muted">
          Your jobs are not affected: they run in the background. Reload the page; if it breaks again, report
          the details below.
        </p>
        <div className="mt-4 flex gap-2">
          <Button look="primary" onClick={() => location.reload()}>
            Reload
          </Button>
          <Button onClick={() => navigator.clipboard?.writeText(details)}>Copy details</Button>
        </div>
        <pre className="mt-4 max-h-72 overflow-auto rounded-md bg-sunken p-3 text-xs">{details}</pre>
      </div>
    );
  }
}
