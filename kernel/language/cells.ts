import { analyse, type CellAnalysis } from "../../src/workbook/index.ts";

/** A cell as a TypeScript module: what earlier ones declare is imported, what it declares is exported. */
export interface CellModule {
  readonly text: string;
  /** Characters before the person's code. */
  readonly before: number;
}

/** What was executed, each piece a module of its own, so that a name may be declared again. */
export class Cells {
  /** Texts of modules by file name, in the order of their execution. */
  readonly modules: Map<string, string> = new Map();
  /** Name → the file that declared it last. */
  readonly #owners = new Map<string, string>();

  /** Adds code that was executed; code that makes no sense declares nothing. */
  async add(code: string): Promise<void> {
    const analysis = await analyse(code);
    if (analysis.error) return;
    const file = `cell${this.modules.size + 1}.ts`;
    this.modules.set(file, `${this.#head(analysis.declarations)}${code}\n${tail(analysis)}`);
    for (const name of analysis.declarations) this.#owners.set(name, file);
  }

  /** Code that is being typed, as a module; it sees all that was executed. */
  async typed(code: string): Promise<CellModule> {
    const { declarations } = await analyse(code);
    const head = this.#head(declarations);
    return { text: `${head}${code}\nexport {};`, before: head.length };
  }

  /** Ends its line, or a docstring at the start of the code would be taken for a part of it. */
  #head(declared: readonly string[]): string {
    const byFile = new Map<string, string[]>();
    for (const [name, file] of this.#owners) {
      if (declared.includes(name)) continue;
      byFile.set(file, [...(byFile.get(file) ?? []), name]);
    }
    return Array.from(
      byFile,
      ([file, names]) => `import {${names.join(",")}} from "./${file}";\n`,
    ).join("");
  }
}

function tail({ declarations }: CellAnalysis): string {
  return `export {${declarations.join(",")}};`;
}
