import type { Nodes, Parent, PhrasingContent, Root } from "mdast";
import { findMentions, mentionHref } from "@/features/results/timestamps";

/** Turns timestamps in a Markdown text into #t= links, outside code and other links. */
export function remarkTimestamps() {
  return (tree: Root) => link(tree);
}

function link(parent: Parent): void {
  parent.children = parent.children.flatMap((child) => {
    const node = child as Nodes;
    if (node.type === "text") return linked(node.value);
    if ("children" in node && node.type !== "link" && node.type !== "linkReference") link(node);
    return [child];
  }) as Parent["children"];
}

function linked(text: string): PhrasingContent[] {
  const parts: PhrasingContent[] = [];
  let done = 0;
  for (const mention of findMentions(text)) {
    if (mention.from > done) parts.push({ type: "text", value: text.slice(done, mention.from) });
    const value = text.slice(mention.from, mention.to);
    parts.push({ type: "link", url: mentionHref(mention), children: [{ type: "text", value }] });
    done = mention.to;
  }
  if (done < text.length) parts.push({ type: "text", value: text.slice(done) });
  return parts;
}
