import type {
  CellDefinition,
  CellError,
  FrozenResult,
  KernelRequest,
  ReportValues,
} from "../protocol/index.ts";
import { pageBuiltins } from "./builtins.ts";
import type { CellPlace } from "./graph/index.ts";
import { Graph } from "./graph/index.ts";
import { installDocument } from "./headless-document.ts";
import { KernelLink, type KernelResult } from "./kernel-link.ts";
import { lazyLibraries } from "./lazy-libraries.ts";
import { type ViewElement, viewValue } from "./view-value.ts";

/** What `settle` works with. */
export interface SettleOptions {
  /** All cells of the workbook. */
  readonly definitions: readonly CellDefinition[];
  /**
   * Asks the kernel. Each cell of the request is answered by one call of `receive`, in any order, with
   * the values inside the result, never as `href`.
   */
  readonly request: (request: KernelRequest, receive: (result: KernelResult) => void) => void;
  /** Values of names that browser cells declare, in place of those their cells would give them. */
  readonly given?: Readonly<Record<string, unknown>>;
  /** Gives up: `settle` rejects with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the kernel cells of a workbook without a browser, and the browser cells their inputs come from and
 * no others: the values that a page shows which nobody has touched. Inputs are made in a document that is
 * there only meanwhile, so two calls must not overlap.
 *
 * @returns what each view was set to, and what the kernel said of each of its cells; a cell that failed or
 * waits for a failed one has its error there
 */
export async function settle(options: SettleOptions): Promise<ReportValues> {
  options.signal?.throwIfAborted();
  const removeDocument = installDocument();
  try {
    return await settleInDocument(options);
  } finally {
    await removeDocument();
  }
}

async function settleInDocument(options: SettleOptions): Promise<ReportValues> {
  const { request, signal, given = {} } = options;
  const definitions = options.definitions.map((cell) => withoutOutputs(cell, given));
  const results = new Map<string, FrozenResult>();
  const views = new Map<string, ViewElement>();
  const link = new KernelLink({
    send: (asked) =>
      request(asked, (result) => {
        results.set(result.cell, frozen(result));
        link.receive(result);
      }),
    fetch: () => Promise.reject(new Error("Cannot fetch a value without a page")),
  });
  const places = new Places(definitions.filter(({ kind }) => kind === "kernel"));
  const graph = new Graph({
    builtins: { ...pageBuiltins(document.createElement("main"), lazyLibraries), ...given },
    kernel: link,
    place: (id) => places.of(id),
    viewed: (_cell, name, element) => views.set(name, element),
  });
  try {
    graph.apply(neededCells(definitions), []);
    await places.settled(signal);
    for (const [id, error] of places.errors) {
      if (!results.get(id)?.error) results.set(id, { ms: 0, error });
    }
    const inputs = Object.fromEntries([...views].map(([name, view]) => [name, viewValue(view)]));
    return { inputs: { ...inputs, ...given }, results: Object.fromEntries(results) };
  } finally {
    graph.dispose();
  }
}

/** A browser cell that leaves names to what was given. */
function withoutOutputs(
  cell: CellDefinition,
  given: Readonly<Record<string, unknown>>,
): CellDefinition {
  if (cell.kind !== "browser" || !cell.outputs.some((name) => Object.hasOwn(given, name))) {
    return cell;
  }
  return { ...cell, outputs: cell.outputs.filter((name) => !Object.hasOwn(given, name)) };
}

/** The kernel cells, and the browser cells that their inputs come from. */
function neededCells(definitions: readonly CellDefinition[]): CellDefinition[] {
  const needed = new Set(definitions.filter(({ kind }) => kind === "kernel"));
  for (const cell of needed) {
    const names =
      cell.kind === "kernel" ? cell.browserInputs : cell.kind === "browser" ? cell.inputs : [];
    for (const definition of definitions) {
      if (definition.kind !== "browser") continue;
      if (definition.outputs.some((name) => names.includes(name))) needed.add(definition);
    }
  }
  return [...needed];
}

/** Where cells show themselves when there is nobody to see: only whether they are done is kept. */
class Places {
  readonly errors = new Map<string, CellError>();
  readonly #places = new Map<string, CellPlace>();
  readonly #waiting: Set<string>;
  #done = () => {};

  /** @param awaited the cells to wait for */
  constructor(awaited: readonly CellDefinition[]) {
    this.#waiting = new Set(awaited.map(({ id }) => id));
  }

  of(id: string): CellPlace {
    let place = this.#places.get(id);
    if (!place) {
      place = {
        output: document.createElement("div"),
        pending: () => {},
        fulfilled: () => this.#end(id),
        failed: (error) => {
          if (this.#waiting.has(id)) this.errors.set(id, error);
          this.#end(id);
        },
      };
      this.#places.set(id, place);
    }
    return place;
  }

  /** Resolves when every awaited cell has a value or an error. */
  settled(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) resolve();
      this.#done = resolve;
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  #end(id: string): void {
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#done();
  }
}

function frozen({ ms, preview, shown, values, error }: KernelResult): FrozenResult {
  return {
    ms,
    ...(preview !== undefined && { preview }),
    ...(shown !== undefined && { shown }),
    ...(values !== undefined && { values }),
    ...(error !== undefined && { error }),
  };
}
