import { Plus, X } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import type { CellDesk } from "@/features/results/cell-desk";
import { cellName } from "@/features/results/comparison";
import type { EarlierAnswers } from "@/features/results/earlier-answers";
import { SideColumn } from "@/features/results/side-column";
import { letter, type Sides } from "@/features/results/sides";
import { useSwipe } from "@/features/results/swipe";
import { useSyncScroll } from "@/features/results/sync-scroll";

interface SideBySideProps {
  desk: CellDesk;
  sides: Sides;
  onModels: (modelIndexes: number[]) => void;
  /** Whether the models are hidden. */
  blind: boolean;
  /** Whether the answers scroll together. */
  together: boolean;
  /** The side that the others are compared with word by word; null for none. */
  baseline: number | null;
  onBaseline: (side: number) => void;
  /** What an earlier comparison answered to the same, to compare each answer with; null for none. */
  earlier: EarlierAnswers | null;
  duration: number | null;
  onSeek: (seconds: number) => void;
}

/** The answers of several models in columns; on a phone one at a time, behind tabs. */
export function SideBySide(props: SideBySideProps) {
  const { desk, sides, onModels, blind, together, baseline, onBaseline, earlier, duration, onSeek } = props;
  const { models } = desk.comparison;
  const { modelIndexes } = sides;
  const [front, setFront] = useState(0);
  const scroll = useSyncScroll(together);
  const swipe = useSwipe((step) =>
    setFront((before) =>
      Math.min(modelIndexes.length - 1, Math.max(0, Math.min(before, modelIndexes.length - 1) + step)),
    ),
  );
  const nameAt = (model: number) => cellName(sides, model);
  const base = baseline === null ? undefined : modelIndexes[baseline];
  const baseCell = base === undefined ? null : (desk.cells.get(nameAt(base)) ?? null);
  const unused = models.flatMap((_, index) => (modelIndexes.includes(index) ? [] : [index]));
  const titles = modelIndexes.map((index, side) => (blind ? letter(side) : (models[index] ?? "")));
  const shownFront = Math.min(front, modelIndexes.length - 1);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex gap-1 sm:hidden">
        {titles.map((title, side) => (
          <Button
            key={title}
            aria-pressed={side === shownFront}
            className="min-w-0 flex-1"
            onClick={() => setFront(side)}
          >
            <span className="truncate">{title}</span>
          </Button>
        ))}
      </div>
      <div
        {...swipe}
        className="grid gap-px overflow-hidden rounded-lg border border-line bg-line max-sm:grid-cols-1!"
        style={{ gridTemplateColumns: `repeat(${modelIndexes.length}, minmax(0, 1fr))` }}
      >
        {modelIndexes.map((model, side) => (
          <div key={model} className={`grid min-w-0 ${side === shownFront ? "" : "max-sm:hidden"}`}>
            <SideColumn
              name={titles[side] ?? ""}
              hidden={blind}
              cellName={nameAt(model)}
              desk={desk}
              baseline={baseCell && model !== base ? baseCell : null}
              earlier={earlier}
              duration={duration}
              onSeek={onSeek}
              scroll={scroll(nameAt(model))}
              head={
                <>
                  {blind ? (
                    <h4 className="font-semibold">{titles[side]}</h4>
                  ) : (
                    <ColumnHead
                      model={model}
                      models={models}
                      choices={[model, ...unused].sort((a, b) => a - b)}
                      onChoose={(next) => onModels(modelIndexes.with(side, next))}
                      onRemove={
                        modelIndexes.length > 1
                          ? () => onModels(modelIndexes.filter((other) => other !== model))
                          : undefined
                      }
                    />
                  )}
                  {baseline !== null && (
                    <Button
                      look="quiet"
                      className="px-1.5!"
                      aria-pressed={baseline === side}
                      title="Compare the others with this answer"
                      onClick={() => onBaseline(side)}
                    >
                      Baseline
                    </Button>
                  )}
                </>
              }
            />
          </div>
        ))}
      </div>
      {!blind && unused[0] !== undefined && modelIndexes.length < 4 && (
        <Button
          look="quiet"
          className="self-start"
          onClick={() => onModels([...modelIndexes, unused[0] ?? 0])}
        >
          <Plus aria-hidden className="size-4" />
          Add a model
        </Button>
      )}
    </div>
  );
}

interface ColumnHeadProps {
  model: number;
  models: readonly string[];
  choices: readonly number[];
  onChoose: (model: number) => void;
  onRemove: (() => void) | undefined;
}

function ColumnHead({ model, models, choices, onChoose, onRemove }: ColumnHeadProps) {
  return (
    <>
      <h4 className="sr-only">{models[model]}</h4>
      <select
        aria-label="Model of this column"
        value={model}
        onChange={({ target }) => onChoose(Number(target.value))}
        className="min-h-8 min-w-40 flex-1 truncate rounded-md border border-edge bg-panel px-1 font-semibold"
      >
        {choices.map((index) => (
          <option key={index} value={index}>
            {models[index]}
          </option>
        ))}
      </select>
      {onRemove && (
        <Button look="quiet" className="px-1.5!" aria-label={`Leave ${models[model]} out`} onClick={onRemove}>
          <X aria-hidden className="size-4" />
        </Button>
      )}
    </>
  );
}
