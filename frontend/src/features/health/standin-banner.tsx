import { Note } from "@/components/ui/note";
import { useHealth } from "@/features/health/queries";

/** Says on every screen that nothing here comes from a real provider. */
export function StandinBanner() {
  const { data: health } = useHealth();
  if (!health?.standin) return null;
  return (
    <Note tone="warn" title="Answers are made up">
      This server runs with a stand-in for the providers: no model is asked, no key is used and nothing is
      paid. Local models are real.
    </Note>
  );
}
