import { dataOf } from "../../kernel/process/index.ts";
import type { MimeBundle } from "../../src/protocol/index.ts";

type Data = Readonly<Record<string, unknown>>;

/** What an execution has put out, as a notebook's file has it. */
export type Output =
  | { readonly output_type: "stream"; readonly name: "stdout" | "stderr"; text: string }
  | { readonly output_type: "display_data"; data: Data; readonly metadata: object }
  | {
      readonly output_type: "execute_result";
      readonly execution_count: number;
      readonly data: Data;
      readonly metadata: object;
    }
  | {
      readonly output_type: "error";
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
    };

/** Outputs of the executions of a notebook, gathered as its file shows them in the end. */
export class Outputs {
  readonly #lists = new Map<string, Output[]>();
  /** Displays by name: a later cell may show another value in the place of one. */
  readonly #displays = new Map<string, Extract<Output, { output_type: "display_data" }>[]>();
  readonly #toClear = new Set<string>();

  /** The outputs of an execution; the same list as long as it lasts. */
  of(id: string): readonly Output[] {
    const list = this.#lists.get(id) ?? [];
    this.#lists.set(id, list);
    return list;
  }

  stream(id: string, name: "stdout" | "stderr", text: string): void {
    const list = this.#open(id);
    const last = list.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text += text;
    else list.push({ output_type: "stream", name, text });
  }

  show(id: string, display: string, bundle: MimeBundle, update: boolean): void {
    const shown = this.#displays.get(display) ?? [];
    const data = dataOf(bundle);
    for (const output of shown) output.data = data;
    if (update) return;
    const output = { output_type: "display_data" as const, data, metadata: {} };
    this.#open(id).push(output);
    this.#displays.set(display, [...shown, output]);
  }

  add(id: string, output: Output): void {
    this.#open(id).push(output);
  }

  /** Takes away what an execution has put out: now, or when it puts out something new. */
  clear(id: string, wait: boolean): void {
    if (wait) this.#toClear.add(id);
    else this.#list(id).length = 0;
  }

  #open(id: string): Output[] {
    const list = this.#list(id);
    if (this.#toClear.delete(id)) list.length = 0;
    return list;
  }

  #list(id: string): Output[] {
    return this.of(id) as Output[];
  }
}
