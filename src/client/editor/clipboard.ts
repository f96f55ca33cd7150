import { typescriptLanguage } from "@codemirror/lang-javascript";
import { editedOf, workbookOf } from "../../editing/index.ts";
import type { EditedCell } from "../../protocol/index.ts";
import { parse, serialise } from "../../workbook/index.ts";

/** A cell as it is copied: its id is its workbook's, unless it was cut, when it goes where it is pasted. */
export type CopiedCell = Omit<EditedCell, "id"> & { readonly id?: string };

/** Cells, and the text that stands for them where there are no cells. */
export interface Copied {
  readonly text: string;
  readonly cells: readonly CopiedCell[];
}

/** Cells as they are copied, or cut: one as its source alone, several as the Markdown of a workbook. */
export function copiedOf(cells: readonly EditedCell[], isCut = false): Copied {
  const copied = cells.map(({ id, kind, mode, source, attributes }) => ({
    ...(isCut && { id }),
    kind,
    ...(mode !== undefined && { mode }),
    source,
    attributes,
  }));
  const [only] = copied;
  if (only && copied.length === 1) return { text: only.source, cells: copied };
  const plain = cells.map(({ kept: _, ...cell }) => cell);
  const workbook = workbookOf({ cells: plain, matter: {}, kept: { front: "", tail: "" } });
  return { text: serialise(workbook).trim(), cells: copied };
}

/**
 * The cells that a pasted text means: those it was copied of, those it is the Markdown of, else one of code
 * when it can be read as that, and of prose when it cannot.
 *
 * @param copied what was copied last, in any tab
 */
export function pastedCells(text: string, copied: Copied | undefined): readonly CopiedCell[] {
  const plain = text.replace(/\r\n?/g, "\n");
  if (copied && copied.text.trim() === plain.trim() && copied.cells.length > 0) return copied.cells;
  if (plain.trim() === "") return [];
  if (/^(`{3,}|~{3,})\w*[ \t]*\{|^<!-- cell/m.test(plain)) {
    const { cells } = editedOf(parse(plain));
    return cells.map(({ id: _, kept: __, anonymous: ___, ...cell }) => cell);
  }
  const source = plain.replace(/^\n+|\n+$/g, "");
  return [{ kind: isCode(source) ? "browser" : "prose", source, attributes: {} }];
}

function isCode(text: string): boolean {
  let isWhole = true;
  typescriptLanguage.parser.parse(text).iterate({
    enter: ({ type }) => {
      isWhole &&= !type.isError;
    },
  });
  return isWhole;
}

/** What was copied of a workbook last, in any tab of this Simile. */
export class CellClipboard {
  readonly #storage: Pick<Storage, "getItem" | "setItem"> | undefined;
  #last: Copied | undefined;

  constructor(storage: Pick<Storage, "getItem" | "setItem"> | undefined) {
    this.#storage = storage;
  }

  put(cells: readonly EditedCell[], isCut = false): Copied {
    return this.#keep(copiedOf(cells, isCut));
  }

  /** What was cut has been pasted: once more, it is a copy. */
  pasted(): void {
    const { last } = this;
    if (!last?.cells.some(({ id }) => id !== undefined)) return;
    this.#keep({ ...last, cells: last.cells.map(({ id: _, ...cell }) => cell) });
  }

  get last(): Copied | undefined {
    try {
      const found: unknown = JSON.parse(this.#storage?.getItem(place) ?? "null");
      return isCopied(found) ? found : this.#last;
    } catch {
      return this.#last;
    }
  }

  #keep(copied: Copied): Copied {
    this.#last = copied;
    try {
      this.#storage?.setItem(place, JSON.stringify(copied));
    } catch {
      // No room, or closed to us: other tabs get the text.
    }
    return copied;
  }
}

const place = "simile copied cells";

function isCopied(value: unknown): value is Copied {
  const { text, cells } = (value ?? {}) as Partial<Copied>;
  return typeof text === "string" && Array.isArray(cells) && cells.every(isCopiedCell);
}

function isCopiedCell(value: unknown): value is CopiedCell {
  const { id = "", kind, source, attributes } = (value ?? {}) as Partial<CopiedCell>;
  const isKind = kind === "prose" || kind === "browser" || kind === "kernel";
  const isText = typeof id === "string" && typeof source === "string";
  return isKind && isText && typeof attributes === "object";
}
