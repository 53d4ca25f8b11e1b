import { useQuery } from "@tanstack/react-query";
import { apiGet } from "@/lib/api/client";
import { offers } from "@/lib/api/offers";
import type { Check, CheckList } from "@/lib/api/types";

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
