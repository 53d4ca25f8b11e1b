import { useEffect, useRef, useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { Panel } from "@/components/ui/panel";
import { useDraft } from "@/features/compare/draft";
import { ModelPicker } from "@/features/compare/model-picker";
import { PromptList } from "@/features/compare/prompt-list";
import { RunBar } from "@/features/compare/run-bar";
import { AT_ONCE, RunOptionsFields } from "@/features/compare/run-options";
import { TermsFields } from "@/features/compare/terms-fields";
import { RecentJobs } from "@/features/jobs/recent-jobs";
import { useUploading, useVideoIds } from "@/features/videos/use-uploads";
import { VideoPicker } from "@/features/videos/video-picker";
import { useTitle } from "@/lib/use-title";

/** The Compare screen: which videos, which prompts, which models. */
export default function ComparePage() {
  const { draft, change } = useDraft(useVideoIds());
  useVideoFromAddress((id) => change("videoIds", () => [id]));
  const [options, setOptions] = useState(AT_ONCE);
  const uploading = useUploading();
  const [, navigate] = useLocation();
  useTitle("");
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-4">
      <h1 className="font-semibold text-xl">Compare video models</h1>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title="Videos">
            <VideoPicker chosen={draft.videoIds} onChange={(next) => change("videoIds", next)} />
          </Panel>
          <Panel title="Prompts">
            <PromptList prompts={draft.prompts} onChange={(next) => change("prompts", next)} />
          </Panel>
          <TermsFields written={draft.terms} onChange={(next) => change("terms", next)}>
            <RunOptionsFields options={options} onChange={setOptions} />
          </TermsFields>
        </div>
        <Panel title="Models">
          <ModelPicker chosen={draft.models} onChange={(next) => change("models", next)} />
        </Panel>
      </div>
      <RunBar
        draft={draft}
        options={options}
        uploading={uploading}
        onSubmitted={({ job_id }) => navigate(`/jobs/${job_id}`)}
      />
      <RecentJobs
        jobHref={(id) => `/jobs/${id}`}
        allJobs={
          <Link href="/jobs" className="text-accent text-sm underline">
            All jobs
          </Link>
        }
      />
    </div>
  );
}

/** Takes over the video that the address names, and then forgets it: the person may choose others. */
function useVideoFromAddress(onVideo: (id: string) => void): void {
  const [search, setSearch] = useSearchParams();
  const video = search.get("video");
  const latest = useRef(onVideo);
  latest.current = onVideo;
  useEffect(() => {
    if (!video) return;
    latest.current(video);
    setSearch({}, { replace: true });
  }, [video, setSearch]);
}
