import { useQuery } from "@tanstack/react-query";
import { apiGet } from "@/lib/api/client";
import { offers } from "@/lib/api/offers";
import type { Check, CheckList, Health, KeyList, ProviderKey } from "@/lib/api/types";

/** The state of the server changes by itself, and nobody tells; in milliseconds. */
const EVERY = 30_000;

/** What the doctor finds; null where the server has none. */
export function useChecks() {
  return useQuery({
    queryKey: ["doctor"],
    queryFn: async ({ signal }): Promise<Check[] | null> =>
      (await offers("/api/doctor")) ? (await apiGet<CheckList>("doctor", signal)).checks : null,
    refetchInterval: EVERY,
  });
}

/** What the server says of itself. */
export function useHealth() {
  return useQuery({
    queryKey: ["health"],
    queryFn: ({ signal }) => apiGet<Health>("health", signal),
    refetchInterval: EVERY,
  });
}

/** The keys of all providers that take one: they change only with a new start of the server. */
export function useKeys() {
  return useQuery({
    queryKey: ["keys"],
    queryFn: async ({ signal }): Promise<ProviderKey[]> => (await apiGet<KeyList>("keys", signal)).keys,
    refetchInterval: EVERY,
  });
}
