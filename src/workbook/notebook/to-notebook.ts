import { hash } from "../hash.ts";
import { parse } from "../parse.ts";
import type { Cell } from "../workbook.ts";
import { isPlain } from "./tags.ts";

/** What tells JupyterLab, VS Code and nbconvert who runs the cells. */
const kernel = {
  kernelspec: { display_name: "TypeScript (Simile)", language: "typescript", name: "simile" },
  language_info: { file_extension: ".ts", mimetype: "text/typescript", name: "typescript" },
} as const;

/**
 * A workbook's text as a Jupyter notebook, format 4.5, without outputs. Kernel cells are code cells,
 * prose is Markdown; browser cells, which no Jupyter kernel can run, are raw cells. What a notebook has
 * no place for (attributes, fences, front matter) is in the metadata under `simile`, so that
 * `fromNotebook` gives back the same bytes.
 */
export function toNotebook(text: string): string {
  const workbook = parse(text);
  const ids = new Set<string>();
  const cells = workbook.cells.map((cell) => {
    const id = notebookId(cell.id, ids);
    ids.add(id);
    const type = { prose: "markdown", kernel: "code", browser: "raw" }[cell.kind];
    return {
      cell_type: type,
      ...(type === "code" && { execution_count: null }),
      id,
      metadata: metadataOf(cell, id),
      ...(type === "code" && { outputs: [] }),
      source: cell.source.split(/(?<=\n)/),
    };
  });
  const { title, front = "", tail = "" } = workbook;
  const metadata = { ...kernel, simile: { front, tail, version: 1 }, ...(title && { title }) };
  return `${JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

function metadataOf(cell: Cell, id: string): object {
  const { kernel: _, run: __, ...attributes } = cell.attributes ?? {};
  const { tags, ...rest } = attributes;
  const words = typeof tags === "string" && isPlain(tags.split(",")) ? tags.split(",") : undefined;
  const others = words ? rest : attributes;
  return {
    // nbconvert would take a raw cell of no format for HTML.
    ...(cell.kind === "browser" && { format: "text/typescript" }),
    simile: {
      kind: cell.kind,
      ...(cell.id !== id && { id: cell.id }),
      ...(cell.anonymous && { anonymous: true }),
      ...(cell.run !== "live" && { run: cell.run }),
      ...(Object.keys(others).length > 0 && { attributes: others }),
      layout: cell.layout,
    },
    ...(words && { tags: words }),
  };
}

/** An id as a notebook admits it: letters, digits, - and _, at most 64, no two alike. */
function notebookId(id: string, taken: ReadonlySet<string>): string {
  const wanted = /^[\w-]{1,64}$/.test(id) ? id : `cell-${hash(id).slice(0, 16)}`;
  let unique = wanted;
  for (let n = 2; taken.has(unique); n++) unique = `${wanted.slice(0, 56)}-${n}`;
  return unique;
}
