import type { CellError, KernelNotice, MimeBundle } from "../../src/protocol/index.ts";

/** An output of a cell in Jupyter's format. */
export type Output = Readonly<Record<string, unknown>>;

interface Kept {
  readonly output: Output;
  /** By which what is shown is shown anew. */
  readonly display?: string;
}

/** What cells print and show while they run, as outputs in Jupyter's format. */
export class KeptOutputs {
  readonly #cells = new Map<string, Kept[]>();
  /** Cells whose outputs go once there is a new one. */
  readonly #clearing = new Set<string>();

  hear(notice: KernelNotice): void {
    if (notice.type === "log") this.#print(notice);
    else if (notice.type === "display") this.#show(notice);
    else if (notice.type === "clear") {
      if (notice.wait) this.#clearing.add(notice.cell);
      else this.#cells.delete(notice.cell);
    }
  }

  /** What a cell came to. */
  result(cell: string, preview: string): void {
    const data = { "text/plain": preview };
    this.#add(cell, { output: { output_type: "execute_result", data, metadata: {} } });
  }

  error(cell: string, { name, message, at }: CellError): void {
    const where = at ? [`    at ${at.cell}:${at.line}:${at.column}`] : [];
    const traceback = [`${name}: ${message}`, ...where];
    this.#add(cell, {
      output: { output_type: "error", ename: name, evalue: message, traceback },
    });
  }

  of(cell: string): readonly Output[] {
    return (this.#cells.get(cell) ?? []).map(({ output }) => output);
  }

  #print({ cell, level, text }: Extract<KernelNotice, { type: "log" }>): void {
    const name = level === "warn" || level === "error" ? "stderr" : "stdout";
    const line = text.endsWith("\n") ? text : `${text}\n`;
    const last = this.#clearing.has(cell) ? undefined : this.#cells.get(cell)?.at(-1)?.output;
    const output = { output_type: "stream", name, text: line };
    if (last?.["name"] !== name) this.#add(cell, { output });
    else
      this.#cells
        .get(cell)!
        .splice(-1, 1, { output: { ...output, text: `${last["text"]}${line}` } });
  }

  #show({ cell, display, bundle, update }: Extract<KernelNotice, { type: "display" }>): void {
    const data = dataOf(bundle);
    const output = { output_type: "display_data", data, metadata: {} };
    if (!update) return this.#add(cell, { output, display });
    for (const [id, outputs] of this.#cells) {
      const anew = outputs.map((kept) => (kept.display === display ? { output, display } : kept));
      this.#cells.set(id, anew);
    }
  }

  #add(cell: string, kept: Kept): void {
    const before = this.#clearing.delete(cell) ? [] : (this.#cells.get(cell) ?? []);
    this.#cells.set(cell, [...before, kept]);
  }
}

/** A bundle as a file holds it: bytes become base64. */
function dataOf(bundle: MimeBundle): Output {
  return Object.fromEntries(
    Object.entries(bundle).map(([type, value]) => [
      type,
      value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
    ]),
  );
}
