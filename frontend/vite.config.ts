import { resolve } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The server that `npm run dev` shows the page of. */
const SERVER = process.env.SERVER ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "./",
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": resolve(import.meta.dirname, "src") } },
  build: {
    outDir: process.env.PAGE_OUT ?? "dist",
    emptyOutDir: true,
    rolldownOptions: { input: process.env.PAGE ?? "index.html" },
  },
  server: {
    proxy: {
      "/api": {
        target: SERVER,
        changeOrigin: true, // the server answers to its own name only …
        configure: (proxy) =>
          proxy.on("proxyReq", (request, { headers }) => {
            // … and to its own page, for which this server's page stands; other pages stay what they are.
            if (headers.origin === `http://${headers.host}`) request.setHeader("origin", SERVER);
          }),
      },
    },
  },
});
