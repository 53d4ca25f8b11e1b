import { useQuery } from "@tanstack/react-query";
import { apiGet } from "@/lib/api/client";
import { offers } from "@/lib/api/offers";
import type { Check, CheckList, Health } from "@/lib/api/types";

/** Health changes by itself, and nobody tells; in milliseconds. */
const EVERY = 10_000;

export function useHealth() {
  return useQuery({
    queryKey: ["health"],
    queryFn: ({ signal }) => apiGet<Health>("health", signal),
    refetchInterval: EVERY,
  });
}

/** What the doctor finds; null where the server has none. */
export function useChecks() {
  return useQuery({
    queryKey: ["doctor"],
    queryFn: async ({ signal }): Promise<Check[] | null> =>
      (await offers("/api/doctor")) ? (await apiGet<CheckList>("doctor", signal)).checks : null,
  });
}
