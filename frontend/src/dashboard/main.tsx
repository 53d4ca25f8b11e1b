import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Dashboard } from "@/dashboard/dashboard";
import { applyTheme } from "@/lib/theme";
import "@/styles.css";

applyTheme();
const root = document.getElementById("root");
if (!root) throw new Error("dashboard.html has no element with the id root");
createRoot(root).render(
  <StrictMode>
    <Dashboard />
  </StrictMode>,
);
