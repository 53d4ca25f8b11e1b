import { SearchX } from "lucide-react";
import { Link } from "wouter";
import { EmptyState } from "@/components/ui/empty-state";
import { useTitle } from "@/lib/use-title";

export function NotFoundPage() {
  useTitle("Not found");
  return (
    <EmptyState icon={SearchX} title="There is no such page" heading="h1">
      <Link href="/" className="font-medium text-accent underline">
        Compare models on a video
      </Link>
    </EmptyState>
  );
}
