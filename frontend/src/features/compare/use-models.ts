import { useQuery } from "@tanstack/react-query";
import { apiGet } from "@/lib/api/client";
import type { ModelList } from "@/lib/api/types";

/** The models, those that can be used first. */
export function useModels() {
  return useQuery({
    queryKey: ["models"],
    queryFn: ({ signal }) => apiGet<ModelList>("models", signal),
    select: ({ models }) => models.toSorted((a, b) => Number(b.available) - Number(a.available)),
  });
}
