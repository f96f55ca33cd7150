import type { Engine, Precision } from "../tensor/index.ts";
import { referenceEngine } from "./reference/reference.ts";
import { wasmEngine } from "./wasm/wasm.ts";

/**
 * `"auto"` is `"wasm"`, whatever else is installed; what compares networks may take a native engine
 * instead where much is to be computed, see {@link fasterEngine}.
 */
export type EngineName = "auto" | "wasm" | "onnx" | "tfjs" | "reference";

/** Options of {@link openEngine}. */
export interface EngineOptions {
  /** Threads to compute with; default what the machine has. `"reference"` and `"tfjs"` ignore it. */
  readonly threads?: number;
}

/** Opens an engine, or rejects with an error that says what is missing. */
export type OpenEngine = (options: EngineOptions) => Promise<Engine>;

const known = new Map<string, OpenEngine | undefined>([
  ["wasm", wasmEngine],
  ["onnx", undefined],
  ["tfjs", undefined],
  ["reference", async () => referenceEngine()],
]);

/** Engines that outrun wasm in some precisions, where they are installed. */
const outrunning = new Map<EngineName, readonly Precision[]>();

/**
 * Adds an engine of one environment, as Node's native ones, under its name.
 *
 * @param faster - precisions in which it outruns wasm on this machine, if it is installed
 */
export function provideEngine(
  name: Exclude<EngineName, "auto">,
  open: OpenEngine,
  faster: readonly Precision[] = [],
): void {
  known.set(name, open);
  outrunning.set(name, faster);
}

/** The engine of this environment that outruns wasm in a precision, whether or not it is installed. */
export function fasterEngine(precision: Precision): EngineName | undefined {
  for (const [name, precisions] of outrunning) if (precisions.includes(precision)) return name;
  return undefined;
}

/**
 * A new engine of the caller's own, to be disposed by the caller.
 *
 * @throws {RangeError} when there is no engine of that name, here or at all
 * @throws {Error} when a package it needs is not installed
 */
export async function openEngine(
  name: EngineName = "auto",
  options: EngineOptions = {},
): Promise<Engine> {
  const own = name === "auto" ? "wasm" : name;
  const open = known.get(own);
  if (open) return open(options);
  if (known.has(own)) throw new RangeError(`Cannot use engine "${own}": it does not run here`);
  const names = ["auto", ...known.keys()].map((one) => `"${one}"`).join(", ");
  throw new RangeError(`Cannot use an engine: expected one of ${names}, found "${own}"`);
}

const shared = new Map<string, Promise<Engine>>();

/**
 * The engine of that name that everyone shares, opened when first asked for. Disposing it ends it for
 * all; the next call opens another.
 *
 * @throws as `openEngine`
 */
export function sharedEngine(name: EngineName = "auto"): Promise<Engine> {
  const own = name === "auto" ? "wasm" : name;
  const open = shared.get(own);
  if (open) return open;
  const opening = openEngine(own).then((engine) => ({
    ...engine,
    dispose() {
      forget();
      return engine.dispose();
    },
  }));
  const forget = () => {
    if (shared.get(own) === opening) shared.delete(own);
  };
  opening.catch(forget);
  shared.set(own, opening);
  return opening;
}
