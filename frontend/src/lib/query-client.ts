import { QueryClient } from "@tanstack/react-query";

/**
 * The store of what the server said.
 *
 * The live client decides when to fetch again. The server is often on this machine, so that being without a
 * network says nothing of whether it answers.
 */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always",
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}
