import katex from "katex";
import MarkdownIt from "markdown-it";
import { proseRenderer } from "../../src/prose/index.ts";

/** HTML of a prose cell: Markdown with mathematics, and nothing that could run. */
export const renderProse: (source: string) => string = proseRenderer({ MarkdownIt, katex });
