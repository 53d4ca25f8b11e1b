import type { ReactNode } from "react";
import { Age } from "@/components/ui/age";
import { Badge } from "@/components/ui/badge";
import { Panel } from "@/components/ui/panel";
import { ProblemNote } from "@/components/ui/problem-note";
import { useHealth } from "@/features/health/queries";
import { formatBytes } from "@/lib/format";

/** The worker, the disk, the keys, the versions. */
export function FactsPanel() {
  const { data: health, error } = useHealth();
  if (!health) return error ? <ProblemNote error={error} /> : <p role="status">Loading …</p>;
  const { worker, disk, keys, versions, data_dir } = health;
  return (
    <Panel title="This server">
      <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[8rem_minmax(0,1fr)]">
        <Fact name="Worker">
          {worker.alive ? <Badge word="Running" tone="good" /> : <Badge word="Not running" tone="quiet" />}{" "}
          {worker.alive ? (
            <span className="text-muted">
              process {worker.pid}
              {worker.started_at && (
                <>
                  , started <Age at={worker.started_at} />
                </>
              )}
            </span>
          ) : (
            <span className="text-muted">It starts when there is a job.</span>
          )}
        </Fact>
        <Fact name="Disk">
          <Badge word={disk.ok ? "Enough room" : "Nearly full"} tone={disk.ok ? "good" : "warn"} />{" "}
          <span className="text-muted">{formatBytes(disk.free_bytes)} free</span>
        </Fact>
        <Fact name="Data folder">
          <span className="wrap-anywhere font-mono text-xs">{data_dir}</span>
        </Fact>
        <Fact name="Keys">
          <ul className="flex flex-col gap-1">
            {Object.entries(keys).map(([name, present]) => (
              <li key={name} className="flex flex-wrap items-center gap-2">
                <span className="font-mono text-xs">{name}</span>
                <Badge word={present ? "Present" : "Missing"} tone={present ? "good" : "quiet"} />
              </li>
            ))}
          </ul>
          <p className="mt-1 text-muted text-xs">
            Keys come from the environment in which the server was started. The page never sees them.
          </p>
        </Fact>
        <Fact name="Versions">
          <span className="text-muted">
            {Object.entries(versions)
              .map(([name, version]) => `${name} ${version}`)
              .join(" · ")}
          </span>
        </Fact>
      </dl>
    </Panel>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
