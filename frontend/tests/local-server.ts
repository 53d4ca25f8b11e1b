import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A real HTTP server on this machine; the page counts as served from its /prefix/. */
export async function serve(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  const base = document.createElement("base");
  base.href = `http://127.0.0.1:${port}/prefix/`;
  document.head.replaceChildren(base);
  return async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
}
