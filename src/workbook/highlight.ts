import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parser } from "@lezer/javascript";

const typescript = parser.configure({ dialect: "ts" });

/**
 * TypeScript as escaped HTML, every character and line break kept: `<span class="tok-keyword">` and
 * the like (keyword, operator, string, number, bool, comment, variableName, typeName, propertyName,
 * punctuation, …; see `classHighlighter` of @lezer/highlight). Any text is accepted.
 */
export function highlight(source: string): string {
  let html = "";
  highlightCode(
    source,
    typescript.parse(source),
    classHighlighter,
    (text, classes) => {
      html += classes ? `<span class="${classes}">${escaped(text)}</span>` : escaped(text);
    },
    () => {
      html += "\n";
    },
  );
  return html;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
