import { KeysSwitch } from "@/app/settings/keys-switch";
import { ThemeSwitch } from "@/app/settings/theme-switch";
import { Panel } from "@/components/ui/panel";
import { CheckListPanel } from "@/features/health/check-list";
import { KeysPanel } from "@/features/health/keys-panel";
import { SpendingPanel } from "@/features/health/spending-panel";
import { useTitle } from "@/lib/use-title";

/** Whether all is well, and what is a matter of taste. */
export default function SettingsPage() {
  useTitle("Settings");
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-4">
      <h1 className="font-semibold text-xl">Settings</h1>
      <SpendingPanel />
      <KeysPanel />
      <CheckListPanel />
      <Panel title="This page">
        <div className="flex flex-col gap-3">
          <ThemeSwitch />
          <KeysSwitch />
        </div>
      </Panel>
    </div>
  );
}
