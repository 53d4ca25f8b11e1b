import type { Nodes, Parent, PhrasingContent, Root } from "mdast";
import { type Mention, mentionHref } from "@/features/results/timestamps";

/** Keeps a chip and the bracket before it in one line. */
const JOINER = "\u2060";

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
    const value = text.slice(mention.from, mention.to);
    // The chip stands for the brackets of [0:12].
    const around = text[mention.from - 1] === "[" && text[mention.to] === "]" ? 1 : 0;
    const from = mention.from - around;
    const before = text.slice(done, from);
    if (before) parts.push({ type: "text", value: /\S$/.test(before) ? before + JOINER : before });
    parts.push({ type: "link", url: mentionHref(mention), children: [{ type: "text", value }] });
    done = mention.to + around;
  }
  if (done < text.length) parts.push({ type: "text", value: text.slice(done) });
  return parts;
}
