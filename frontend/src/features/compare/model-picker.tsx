import { Loading } from "@/components/ui/loading";
import { ProblemNote } from "@/components/ui/problem-note";
import { groupsOf, type Unavailable, unavailableOf } from "@/features/compare/model-groups";
import { ModelOption } from "@/features/compare/model-option";
import { useModels } from "@/features/compare/use-models";

interface ModelPickerProps {
  chosen: string[];
  onChange: (change: (chosen: string[]) => string[]) => void;
}

export function ModelPicker({ chosen, onChange }: ModelPickerProps) {
  const { data: models, error, refetch } = useModels();
  if (!models) {
    return error ? (
      <ProblemNote error={error} onRetry={refetch} />
    ) : (
      <Loading label="Loading the models …" rows={6} height="h-12" />
    );
  }
  const toggle = (id: string) =>
    onChange((ids) => (ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]));
  return (
    <div className="flex flex-col gap-3">
      <ul aria-label="Models" className="flex flex-col gap-3">
        {groupsOf(models).map((group) => (
          <li key={group.name}>
            <h3 className="font-medium text-muted text-sm">{group.name}</h3>
            {group.about && <p className="text-muted text-xs">{group.about}</p>}
            <ul className="-mx-2">
              {group.models.map((model) => (
                <li key={model.id}>
                  <ModelOption
                    model={model}
                    about={group.about ? null : model.description}
                    chosen={chosen.includes(model.id)}
                    onToggle={() => toggle(model.id)}
                  />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {unavailableOf(models).map((each) => (
        <NotNow key={each.whyNot} unavailable={each} />
      ))}
    </div>
  );
}

function NotNow({ unavailable: { whyNot, whatToDo, titles } }: { unavailable: Unavailable }) {
  return (
    <div className="rounded-md bg-sunken px-3 py-2 text-xs">
      <p className="font-medium text-muted text-sm">{titles.join(", ")}</p>
      <p className="text-muted">{whyNot}</p>
      {whatToDo && <p className="mt-0.5">{whatToDo}</p>}
    </div>
  );
}
