/** A text without the marks of Markdown, line by line as it was. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/^\s*\|?[\s:|-]*-{3,}[\s:|-]*$/gm, "") // the line below a table's head
    .replace(/^[ \t]*(?:#{1,6}|>)[ \t]*/gm, "")
    .replace(/\*\*|__|`+/g, "")
    .replace(/^[ \t]*\|[ \t]*|[ \t]*\|[ \t]*$/gm, "")
    .replace(/[ \t]+\|[ \t]+/g, "  ")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
