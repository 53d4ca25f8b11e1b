import { expect, test } from "vitest";
import { groupsOf, unavailableOf } from "@/features/compare/model-groups";
import type { Model } from "@/lib/api/types";

function model(id: string, changes: Partial<Model> = {}): Model {
  return {
    id,
    provider: id.split("/")[0] ?? id,
    title: id,
    description: `About ${id}.`,
    available: true,
    why_not: null,
    what_to_do: null,
    input_mode: "native",
    reads_prompt: true,
    price: null,
    ...changes,
  };
}

test("models stand with the others of their provider, in the server's order", () => {
  const groups = groupsOf([model("local/a"), model("mine/x"), model("local/b")]);
  expect(groups.map(({ name, models }) => [name, models.map(({ id }) => id)])).toEqual([
    ["On this machine", ["local/a", "local/b"]],
    ["mine", ["mine/x"]],
  ]);
});

test("what all models of a group say is said once", () => {
  const same = { description: "Sees the video itself." };
  expect(groupsOf([model("g/1", same), model("g/2", same)])[0]?.about).toBe("Sees the video itself.");
  expect(groupsOf([model("g/1", same), model("g/2")])[0]?.about).toBeNull();
  expect(groupsOf([model("g/1", same)])[0]?.about).toBeNull();
});

test("a reason that several models share is told once, and models that can be asked are not among them", () => {
  const keyless = { available: false, why_not: "No key.", what_to_do: "Set it." };
  const models = [
    model("g/1", keyless),
    model("ok/1"),
    model("g/2", keyless),
    model("h/1", { available: false, why_not: "Away." }),
  ];
  expect(unavailableOf(models)).toEqual([
    { whyNot: "No key.", whatToDo: "Set it.", titles: ["g/1", "g/2"] },
    { whyNot: "Away.", whatToDo: "", titles: ["h/1"] },
  ]);
  expect(groupsOf(models).map(({ name }) => name)).toEqual(["ok"]);
});
