import type { Job, Step } from "@/lib/api/types";

/** What is stored of a job, as JSON: the view of kinds that have none of their own. */
export function JobData({ job, steps }: { job: Job; steps: Step[] }) {
  return (
    <div className="flex flex-col gap-3">
      <Json title="Args" value={job.args} />
      {steps.length > 0 && <Json title="Steps" value={steps} />}
      {job.result !== null && <Json title="Result" value={job.result} open />}
    </div>
  );
}

function Json({ title, value, open = false }: { title: string; value: unknown; open?: boolean }) {
  return (
    <details open={open} className="rounded-lg border border-line bg-panel px-4 py-2">
      <summary className="font-semibold">{title}</summary>
      <pre className="mt-2 overflow-x-auto font-mono text-xs">{JSON.stringify(value, null, 2)}</pre>
    </details>
  );
}
