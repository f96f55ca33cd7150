import { hash } from "../hash.ts";
import { parse } from "../markdown/parse.ts";
import type { Cell } from "../workbook.ts";
import type { JsonObject } from "./notebook.ts";
import { isPlain } from "./tags.ts";

/** What tells JupyterLab, VS Code and nbconvert who runs the cells. */
const kernel = {
  kernelspec: { display_name: "TypeScript (Simile)", language: "typescript", name: "simile" },
  language_info: { file_extension: ".ts", mimetype: "text/typescript", name: "typescript" },
} as const;

/** What a run of a workbook gave, to stand in its notebook. */
export interface NotebookRun {
  /** Outputs of kernel cells by id, as Jupyter's format has them. */
  readonly outputs: ReadonlyMap<string, readonly JsonObject[]>;
  /** Code that declares the inputs with the values they had, empty when there are none. */
  readonly inputs: string;
}

/**
 * A workbook's text as a Jupyter notebook, format 4.5. Kernel cells are code cells,
 * prose is Markdown; browser cells, which no Jupyter kernel can run, are raw cells. What a notebook has
 * no place for (attributes, fences, front matter) is in the metadata under `simile`, so that
 * `fromNotebook` gives back the same bytes.
 *
 * @param run adds outputs, and before the first code cell one, tagged `parameters`, that gives browser cells'
 * inputs the values they had; without it there are no outputs
 */
export function toNotebook(text: string, run?: NotebookRun): string {
  const workbook = parse(text);
  const ids = new Set<string>();
  let executions = 0;
  const cells = workbook.cells.flatMap((cell) => {
    const id = notebookId(cell.id, ids);
    ids.add(id);
    const type = { prose: "markdown", kernel: "code", browser: "raw" }[cell.kind];
    if (type !== "code") return [written(type, id, metadataOf(cell, id), cell.source)];
    const before = executions === 0 && run && run.inputs !== "" ? [inputsCell(run, ids)] : [];
    const outputs = run?.outputs.get(cell.id);
    executions++;
    return [...before, codeCell(id, metadataOf(cell, id), cell.source, outputs, executions)];
  });
  const { title, front = "", tail = "" } = workbook;
  const metadata = { ...kernel, simile: { front, tail, version: 1 }, ...(title && { title }) };
  return `${JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

function written(type: string, id: string, metadata: object, source: string): object {
  return { cell_type: type, id, metadata, source: source.split(/(?<=\n)/) };
}

function inputsCell({ inputs }: NotebookRun, ids: Set<string>): object {
  const id = notebookId("inputs", ids);
  ids.add(id);
  return codeCell(id, { simile: { kind: "inputs" }, tags: ["parameters"] }, inputs);
}

/** @param execution its place among the executions, when it has outputs */
function codeCell(
  id: string,
  metadata: object,
  source: string,
  outputs?: readonly JsonObject[],
  execution?: number,
): object {
  const number = outputs && execution !== undefined ? execution : null;
  return {
    ...written("code", id, metadata, source),
    execution_count: number,
    outputs: (outputs ?? []).map((output) =>
      output["output_type"] === "execute_result" ? { ...output, execution_count: number } : output,
    ),
  };
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
      ...(cell.mode && { mode: cell.mode }),
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
