import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "@/app/app";
import { fetchLaterParts } from "@/lib/later";
import { applyTheme } from "@/lib/theme";
import "@/styles.css";

applyTheme();
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
fetchLaterParts();
