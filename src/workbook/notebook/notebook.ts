/** A cell of a Jupyter notebook, format 4. Only what conversion knows of. */
export interface NotebookCell {
  readonly type: "code" | "markdown" | "raw";
  /** Notebooks before 4.5 have none. */
  readonly id?: string;
  readonly source: string;
  readonly metadata: JsonObject;
  readonly hasAttachments: boolean;
}

/** A Jupyter notebook, format 4, without its outputs. */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
  readonly metadata: JsonObject;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Languages of code cells that a workbook can hold. */
const languages: ReadonlySet<string> = new Set(["typescript", "javascript", "ts", "js"]);

/**
 * Reads the text of a .ipynb file.
 *
 * @throws {Error} when it is no notebook of format 4, or one of another language than TypeScript or
 * JavaScript
 */
export function readNotebook(text: string): Notebook {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    throw fault(`it is no JSON: ${(error as Error).message}`);
  }
  if (!isObject(json)) throw fault("expected an object");
  const { nbformat, cells, metadata } = json;
  if (nbformat !== 4) {
    const found = typeof nbformat === "number" ? `format ${nbformat}` : "no nbformat";
    throw fault(`expected a Jupyter notebook of format 4, found ${found}`);
  }
  if (!Array.isArray(cells)) throw fault("expected a list of cells, found none");
  const known = isObject(metadata) ? metadata : {};
  const language = languageOf(known);
  if (language !== undefined && !languages.has(language.toLowerCase())) {
    throw fault(`expected cells in TypeScript or JavaScript, found ${language}`);
  }
  return { cells: cells.map(readCell), metadata: known };
}

/** The language of the code cells, undefined when the notebook does not say. */
function languageOf({ language_info: info, kernelspec: spec }: JsonObject): string | undefined {
  const named = [isObject(info) && info["name"], isObject(spec) && spec["language"]];
  return named.find((name): name is string => typeof name === "string" && name !== "");
}

function readCell(cell: unknown, index: number): NotebookCell {
  const where = `cell ${index + 1}`;
  if (!isObject(cell)) throw fault(`expected ${where} to be an object`);
  const { cell_type: type, id, metadata, attachments } = cell;
  if (type !== "code" && type !== "markdown" && type !== "raw") {
    throw fault(
      `expected ${where} to be of type code, markdown or raw, found ${JSON.stringify(type)}`,
    );
  }
  const lines: unknown = cell["source"];
  const source = Array.isArray(lines) ? lines.join("") : lines;
  if (typeof source !== "string") throw fault(`expected ${where} to have a source`);
  return {
    type,
    ...(typeof id === "string" && id !== "" && { id }),
    source,
    metadata: isObject(metadata) ? metadata : {},
    hasAttachments: isObject(attachments) && Object.keys(attachments).length > 0,
  };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fault(problem: string): Error {
  return new Error(`Cannot read the notebook: ${problem}`);
}
