import type { BrowserCell, KernelCell } from "../../src/client/define.ts";
import type { CellPlace, GraphParts } from "../../src/client/graph/index.ts";
import { Graph } from "../../src/client/graph/index.ts";
import type { CellError, StaleReason } from "../../src/protocol/index.ts";

const common = { html: "", line: 1, run: "live" } as const;

/** An expression cell reading `inputs`. */
export function expression(
  id: string,
  source: string,
  inputs: readonly string[] = [],
): BrowserCell {
  const body = `return (\n${source}\n)`;
  const version = JSON.stringify([source, inputs]);
  return {
    ...common,
    id,
    version,
    source,
    kind: "browser",
    body,
    expression: true,
    inputs,
    outputs: [],
  };
}

/** A program cell reading `inputs` and declaring `outputs`. */
export function program(
  id: string,
  source: string,
  inputs: readonly string[],
  outputs: readonly string[] = [],
): BrowserCell {
  const body = `\n${source}\nreturn {${outputs.join()}}`;
  const version = JSON.stringify([source, inputs, outputs]);
  return {
    ...common,
    id,
    version,
    source,
    kind: "browser",
    body,
    expression: false,
    inputs,
    outputs,
  };
}

/** A kernel cell below `browserInputs`, all of whose outputs are wanted. */
export function kernelCell(
  id: string,
  browserInputs: readonly string[],
  outputs: readonly string[],
  version = "1",
  inputs: readonly string[] = browserInputs,
): KernelCell {
  const names = { inputs, outputs, wanted: outputs };
  return { ...common, ...names, id, version, source: "", kind: "kernel", browserInputs };
}

/** A place that records what it is told. */
export class RecordedPlace implements CellPlace {
  readonly output: HTMLElement = document.createElement("div");
  state: "new" | "pending" | "fulfilled" | "failed" = "new";
  fulfilments = 0;
  error: CellError | undefined;
  reasons: readonly StaleReason[] = [];

  stale(reasons: readonly StaleReason[]): void {
    this.reasons = reasons;
  }

  pending(): void {
    this.state = "pending";
  }

  fulfilled(): void {
    this.state = "fulfilled";
    this.fulfilments++;
    this.error = undefined;
  }

  failed(error: CellError): void {
    this.state = "failed";
    this.error = error;
  }

  get text(): string {
    return this.output.textContent ?? "";
  }
}

/** A graph over recorded places, with a log of the runs that cells report through `ran(name)`. */
export function recordedGraph(parts: Partial<GraphParts> = {}) {
  const places = new Map<string, RecordedPlace>();
  const runs: string[] = [];
  const ran = <T>(name: string, value: T): T => {
    runs.push(name);
    return value;
  };
  const graph = new Graph({
    kernel: { ask: () => new Promise(() => {}), forget: () => {} },
    ...parts,
    builtins: { ran: () => ran, ...parts.builtins },
    place: (id) => {
      if (!places.has(id)) places.set(id, new RecordedPlace());
      return places.get(id)!;
    },
  });
  const place = (id: string) => places.get(id)!;
  return { graph, place, runs };
}

/** Lets a few passes of the runtime go by. */
export async function passes(count = 3): Promise<void> {
  for (let i = 0; i < count; i++) {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
}
