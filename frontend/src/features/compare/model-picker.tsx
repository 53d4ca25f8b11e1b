import { ProblemNote } from "@/components/ui/problem-note";
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
      <p role="status">Loading the models …</p>
    );
  }
  const toggle = (id: string) =>
    onChange((ids) => (ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]));
  return (
    <ul aria-label="Models" className="-mx-2 flex flex-col">
      {models.map((model) => (
        <li key={model.id}>
          <ModelOption
            model={model}
            chosen={model.available && chosen.includes(model.id)}
            onToggle={() => toggle(model.id)}
          />
        </li>
      ))}
    </ul>
  );
}
