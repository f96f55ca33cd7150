/** A cell of a Jupyter notebook, format 4. Only what conversion knows of. */
export interface NotebookCell {
  readonly type: "code" | "markdown" | "raw";
  /** Notebooks before 4.5 have none. */
  readonly id?: string;
  readonly source: string;
  readonly metadata: JsonObject;
  /** Attached images by name, as addresses that hold them. */
  readonly attachments: ReadonlyMap<string, string>;
  /** Names of what else is attached. */
  readonly otherAttachments: readonly string[];
  readonly hasOutputs: boolean;
}

/** A Jupyter notebook, format 4, without its outputs. */
export interface Notebook {
  /** Of its code, as it calls it; empty when it does not say. */
  readonly language: string;
  /** Whether its code can be cells of a workbook. */
  readonly isRunnable: boolean;
  readonly cells: readonly NotebookCell[];
  readonly metadata: JsonObject;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Languages of code cells that a workbook can hold. */
const languages: ReadonlySet<string> = new Set(["typescript", "javascript", "ts", "js"]);

/**
 * Reads the text of a .ipynb file.
 *
 * @throws {Error} when it is no notebook of format 4
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
    const way =
      nbformat === 3 || nbformat === 2 ? "; `jupyter nbconvert --to notebook` makes one of it" : "";
    throw fault(`expected a Jupyter notebook of format 4, found ${found}${way}`);
  }
  if (!Array.isArray(cells)) throw fault("expected a list of cells, found none");
  const known = isObject(metadata) ? metadata : {};
  const language = languageOf(known);
  const isRunnable = language === "" || languages.has(language.toLowerCase());
  return { cells: cells.map(readCell), metadata: known, language, isRunnable };
}

/** The language of the code cells in a word, empty when the notebook does not say. */
function languageOf({ language_info: info, kernelspec: spec }: JsonObject): string {
  const named = [isObject(info) && info["name"], isObject(spec) && spec["language"]];
  const name = named.find((found): found is string => typeof found === "string" && found !== "");
  return name?.replace(/[^\w+#.-]+/g, "-") ?? "";
}

function readCell(cell: unknown, index: number): NotebookCell {
  const where = `cell ${index + 1}`;
  if (!isObject(cell)) throw fault(`expected ${where} to be an object`);
  const { cell_type: type, id, metadata, outputs } = cell;
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
    ...readAttachments(cell["attachments"]),
    hasOutputs: Array.isArray(outputs) && outputs.length > 0,
  };
}

/** Kinds of images that can stand in an address. */
const images = ["image/png", "image/jpeg", "image/gif", "image/webp"];

function readAttachments(given: unknown): Pick<NotebookCell, "attachments" | "otherAttachments"> {
  const attachments = new Map<string, string>();
  const otherAttachments: string[] = [];
  for (const [name, bundle] of Object.entries(isObject(given) ? given : {})) {
    const type = images.find((image) => isObject(bundle) && typeof bundle[image] === "string");
    if (type === undefined) otherAttachments.push(name);
    else {
      const data = ((bundle as JsonObject)[type] as string).replace(/[^\w+/=]/g, "");
      attachments.set(name, `data:${type};base64,${data}`);
    }
  }
  return { attachments, otherAttachments };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fault(problem: string): Error {
  return new Error(`Cannot read the notebook: ${problem}`);
}
