import { useMutation } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, CircleDashed, CircleHelp, type LucideIcon } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Loading } from "@/components/ui/loading";
import { Panel } from "@/components/ui/panel";
import { ProblemNote } from "@/components/ui/problem-note";
import { TONE_TEXT, type Tone } from "@/components/ui/tone";
import { useKeys } from "@/features/health/queries";
import { apiPost } from "@/lib/api/client";
import type { KeyState, KeyTrial, ProviderKey } from "@/lib/api/types";

const LOOKS: Record<KeyState, { icon: LucideIcon; tone: Tone }> = {
  taken: { icon: CircleCheck, tone: "good" },
  refused: { icon: CircleAlert, tone: "bad" },
  unknown: { icon: CircleHelp, tone: "warn" },
  missing: { icon: CircleDashed, tone: "quiet" },
};

/** Which keys are set, and whether their providers take them. */
export function KeysPanel() {
  const { data: keys, error, refetch } = useKeys();
  return (
    <Panel title="Keys">
      {error && !keys && <ProblemNote error={error} onRetry={refetch} />}
      {!keys && !error && <Loading label="Looking for keys …" rows={2} height="h-9" />}
      {keys && (
        <ul className="divide-y divide-line">
          {keys.map((key) => (
            <KeyLine key={key.provider} of={key} />
          ))}
        </ul>
      )}
      <p className="mt-2 text-muted text-xs">
        Keys come from the environment in which the server was started. This page never sees them. A test asks
        the provider for its list of models, which costs nothing.
      </p>
    </Panel>
  );
}

function KeyLine({ of: { provider, variable, is_set } }: { of: ProviderKey }) {
  const trial = useMutation({
    mutationFn: () => apiPost<KeyTrial>(`keys/${encodeURIComponent(provider)}/test`),
  });
  return (
    <li className="flex items-start gap-3 py-2 text-sm">
      <div className="min-w-0 flex-1 self-center wrap-anywhere">
        <p>
          <span className="font-medium">{provider}</span>
          <span className="text-muted">
            {" "}
            · {variable} is {is_set ? "set." : "not set."}
          </span>
        </p>
        {!is_set && <p className="mt-0.5">To ask its models, set {variable} and start the server again.</p>}
        <div role="status">
          {trial.isPending && <p className="mt-0.5 text-muted">Asking {provider} …</p>}
          {trial.error && <p className="mt-0.5 text-bad">{trial.error.message}</p>}
          {trial.data && !trial.isPending && <Outcome trial={trial.data} />}
        </div>
      </div>
      {is_set && (
        <Button
          aria-label={`Test the key of ${provider}`}
          disabled={trial.isPending}
          onClick={() => trial.mutate()}
        >
          Test
        </Button>
      )}
    </li>
  );
}

function Outcome({ trial: { state, detail } }: { trial: KeyTrial }) {
  const { icon: Icon, tone } = LOOKS[state];
  return (
    <p className="mt-0.5 flex items-start gap-1.5">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${TONE_TEXT[tone]}`} />
      <span>{detail}</span>
    </p>
  );
}
