import { type ReactNode, useMemo } from "react";
import ReactMarkdown, { type Components, type Options } from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import { remarkTimestamps } from "@/features/results/remark-timestamps";
import { TimestampChip } from "@/features/results/timestamp-chip";
import { finderOf, mentionFromHref } from "@/features/results/timestamps";
import type { Timestamp } from "@/lib/api/types";

/** The levels above belong to the screen. */
const HEADINGS: Components = { h1: "h5", h2: "h5", h3: "h5", h4: "h6", h5: "h6" };

interface MarkdownProps {
  text: string;
  /** Those that the server found in the text. */
  timestamps: readonly Timestamp[];
  duration: number | null;
  onSeek: (seconds: number) => void;
}

/** A model's text, which nobody has checked: no HTML, no images (they could carry data away), safe links. */
export default function Markdown({ text, timestamps, duration, onSeek }: MarkdownProps) {
  const components = useMemo<Components>(
    () => ({
      ...HEADINGS,
      a: ({ href, children }) => {
        const mention = mentionFromHref(href);
        if (!mention) return <OutsideLink href={href}>{children}</OutsideLink>;
        return (
          <TimestampChip seconds={mention.seconds} duration={duration} onSeek={onSeek}>
            {children}
          </TimestampChip>
        );
      },
    }),
    [duration, onSeek],
  );
  const plugins = useMemo<NonNullable<Options["remarkPlugins"]>>(
    () => [remarkGfm, [remarkTimestamps, finderOf(timestamps, duration)]],
    [timestamps, duration],
  );
  return (
    <div className="answer">
      <ReactMarkdown
        remarkPlugins={plugins}
        rehypePlugins={[rehypeSanitize]}
        disallowedElements={["img", "input"]}
        skipHtml
        components={components}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}

function OutsideLink({ href, children }: { href: string | undefined; children: ReactNode }) {
  if (!href || !URL.canParse(href)) return children; // a relative link would lead into this page
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
