import { join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import type { CellError, CellPosition, KernelCell } from "../../src/protocol/index.ts";
import {
  analyse,
  type CellAnalysis,
  type CompiledKernel,
  compileExecution,
  compileKernel,
  type ExecutionBuiltin,
  type ExecutionFunction,
  type ImportModule,
  type KernelBuiltin,
  type KernelFunction,
  type KernelValues,
  kernelBuiltins,
  moduleBuiltins,
} from "../../src/workbook/index.ts";
import { codeName, codeOrigin } from "../code-name.ts";
import { importerFrom, installModules, requireFrom } from "../modules/index.ts";
import { bundleOf } from "../output/bundle.ts";
import { shortened } from "../output/preview.ts";
import { Shown } from "../output/shown.ts";
import { placeInModule } from "../own-module.ts";
import type { Outcome, Run } from "../schedule/run.ts";
import { cellError } from "./errors.ts";
import { ImportedNames } from "./imported-names.ts";
import { Namespace } from "./namespace.ts";

/** What a cell finds beside its inputs and Node's globals. */
export type Injected = Readonly<Record<KernelBuiltin, unknown>>;

/** What an execution finds beside what was declared and Node's globals. */
export type InjectedIntoExecution = Readonly<Record<ExecutionBuiltin, unknown>>;

/** A cell's code, ready to be evaluated any number of times; or why it cannot be. */
type Prepared =
  | { readonly error: CellError }
  | (CompiledKernel & { readonly parameters: readonly string[] });

/** Runs whose positions are remembered: an error may come out of a function made long ago. */
const mostRemembered = 2_000;

/**
 * Evaluates cells in the main context, where they share `Array` and `Error` with every library. Each
 * run is a script of its own, under a name that says whose it is.
 */
export class Evaluator {
  readonly directory: string;
  readonly #meta: Readonly<Record<string, string>>;
  readonly #prepared = new Map<string, { key: string; made: Promise<Prepared> }>();
  readonly #runs = new Map<number, Pick<CompiledKernel, "original">>();
  /** What executions declare; one for the process, because so is the global object. */
  readonly namespace: Namespace;
  readonly #imported: ImportedNames;

  /** @param directory the workbook's folder, from which relative imports are resolved */
  constructor(directory: string, namespace: Namespace = new Namespace()) {
    this.directory = directory;
    this.namespace = namespace;
    this.#imported = new ImportedNames(namespace);
    // A file that is not there: `dirname(fileURLToPath(import.meta.url))` is the folder.
    const filename = join(directory, "cell.ts");
    this.#meta = { dirname: directory, filename, url: pathToFileURL(filename).href };
  }

  /**
   * Runs a cell to its end. Whatever goes wrong in it is in the outcome. Of two evaluations of one run the
   * later one never ends.
   */
  async evaluate(run: Run, injected: Injected): Promise<Outcome> {
    const compiled = await this.#prepare(run.cell);
    if (run.entered) return new Promise(() => {});
    run.entered = true;
    if ("error" in compiled) return { outputs: new Map(), error: compiled.error };
    this.#remember(run.number, compiled);
    try {
      const { outputs, value } = await this.#call(run, compiled, injected);
      const names = Object.keys(outputs);
      const values = await Promise.all(names.map((name) => outputs[name]));
      const last = await value;
      const bundle = isShown(last) ? undefined : await bundleOf(last);
      const text = bundle?.["text/plain"];
      return {
        outputs: new Map(names.map((name, index) => [name, values[index]])),
        ...(bundle && { bundle }),
        ...(typeof text === "string" && { preview: shortened(text) }),
      };
    } catch (error) {
      return { outputs: new Map(), error: this.describe(error) };
    }
  }

  /** Names imported by executions are to be those of the modules as they are now. */
  modulesEdited(): void {
    this.#imported.isOutdated = true;
  }

  /** The same for code whose declarations stay for all that is executed later; its value is in the outcome. */
  async execute(run: Run, injected: InjectedIntoExecution): Promise<Outcome> {
    const { code, id } = run.cell;
    const analysis = await analysisOf(code, id);
    if (run.entered) return new Promise(() => {});
    run.entered = true;
    if ("at" in analysis) return { outputs: new Map(), error: analysis };
    const names = this.namespace.enter(analysis);
    const compiled = compileExecution(analysis, names);
    this.#remember(run.number, compiled);
    try {
      const importModule = this.#importer(run);
      const own = this.#moduleScope(run);
      await this.#imported.refresh(importModule);
      const call = this.#script(run, compiled) as ExecutionFunction;
      const parameters = names.parameters.map(
        (name) => own(name) ?? injected[name as ExecutionBuiltin],
      );
      const value = await call(importModule, this.#meta, this.namespace.apart, ...parameters);
      await this.#imported.remember(analysis.imports, importModule);
      return { outputs: new Map(), ...(!isShown(value) && { bundle: await bundleOf(value) }) };
    } catch (error) {
      return { outputs: new Map(), error: this.describe(error) };
    }
  }

  /** A thrown value as the page shows it, positions in the person's own lines. */
  describe(error: unknown): CellError {
    return cellError(
      error,
      (run, position) => this.#runs.get(run)?.original(position) ?? position,
      (path, position) => placeInModule(path, position, this.directory),
    );
  }

  /** The cell in whose code an error arose. */
  originOf(error: unknown): string | undefined {
    const stack = error instanceof Error ? (error.stack ?? "") : "";
    return codeOrigin(stack)?.cell;
  }

  #call(
    run: Run,
    compiled: Exclude<Prepared, { error: CellError }>,
    injected: Injected,
  ): Promise<KernelValues> {
    const call = this.#script(run, compiled) as KernelFunction;
    const own = this.#moduleScope(run);
    const values = compiled.parameters.map((name) =>
      run.values.has(name) ? run.values.get(name) : (own(name) ?? injected[name as KernelBuiltin]),
    );
    return call(this.#importer(run), this.#meta, ...values);
  }

  /** What code finds as a module of its own. */
  #moduleScope({ number, cell }: Run): (name: string) => unknown {
    return (name) => {
      switch (name) {
        case "require":
          return requireFrom(codeName(this.directory, { cell: cell.id, run: number }));
        case "__dirname":
        case "__filename":
          return this.#meta[name.slice(2)];
        default:
          return undefined;
      }
    };
  }

  #importer({ number, cell }: Run): ImportModule {
    return importerFrom(codeName(this.directory, { cell: cell.id, run: number }));
  }

  #script(run: Run, { code, linesBefore }: Pick<CompiledKernel, "code" | "linesBefore">): unknown {
    if (/\b(?:import|require)\b/.test(code)) installModules();
    const script = new vm.Script(code, {
      filename: codeName(this.directory, { cell: run.cell.id, run: run.number }),
      lineOffset: -linesBefore,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    return script.runInThisContext();
  }

  async #prepare(cell: KernelCell): Promise<Prepared> {
    const key = JSON.stringify([cell.code, cell.inputs, cell.outputs]);
    let known = this.#prepared.get(cell.id);
    if (known?.key !== key) {
      known = { key, made: prepare(cell) };
      this.#prepared.set(cell.id, known);
    }
    return known.made;
  }

  #remember(run: number, compiled: Pick<CompiledKernel, "original">): void {
    this.#runs.set(run, compiled);
    for (const oldest of this.#runs.keys()) {
      if (this.#runs.size <= mostRemembered) return;
      this.#runs.delete(oldest);
    }
  }
}

/** Whether there is nothing more to show of what an evaluation came to. */
function isShown(value: unknown): boolean {
  return value === undefined || value instanceof Shown;
}

async function prepare(cell: KernelCell): Promise<Prepared> {
  const analysis = await analysisOf(cell.code, cell.id);
  if ("at" in analysis) return { error: analysis };
  const own = new Set([...cell.inputs, ...analysis.declarations]);
  const parameters = [
    ...cell.inputs,
    ...[...kernelBuiltins, ...moduleBuiltins].filter((name) => !own.has(name)),
  ];
  const { outputs } = cell;
  return { ...compileKernel(analysis, { inputs: parameters, outputs }), parameters };
}

/** What is known of code whose types are blanked, or why it makes no sense. */
async function analysisOf(
  code: string,
  cell: string,
): Promise<CellAnalysis | (CellError & { readonly at: CellPosition })> {
  const analysis = await analyse(code, async () => (blanked) => ({ code: blanked }));
  if (!analysis.error) return analysis;
  const { message, line, column } = analysis.error;
  const at = { cell, line, column };
  return { name: "SyntaxError", message, at, frames: [at] };
}
