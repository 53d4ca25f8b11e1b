import type { Nodes, Parent, PhrasingContent, Root } from "mdast";
import { type Mention, mentionHref } from "@/features/results/timestamps";

type Finder = (text: string) => Mention[];

/** Turns the timestamps that `find` finds in a Markdown text into #t= links, outside code and other links. */
export function remarkTimestamps(find: Finder) {
  return (tree: Root) => link(tree, find);
}

function link(parent: Parent, find: Finder): void {
  parent.children = parent.children.flatMap((child) => {
    const node = child as Nodes;
    if (node.type === "text") return linked(node.value, find);
    if ("children" in node && node.type !== "link" && node.type !== "linkReference") link(node, find);
    return [child];
  }) as Parent["children"];
}

function linked(text: string, find: Finder): PhrasingContent[] {
  const parts: PhrasingContent[] = [];
  let done = 0;
  for (const mention of find(text)) {
    if (mention.from > done) parts.push({ type: "text", value: text.slice(done, mention.from) });
    const value = text.slice(mention.from, mention.to);
    parts.push({ type: "link", url: mentionHref(mention), children: [{ type: "text", value }] });
    done = mention.to;
  }
  if (done < text.length) parts.push({ type: "text", value: text.slice(done) });
  return parts;
}
