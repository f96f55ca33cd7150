import { join } from "node:path";
import { dataOf, errorContent, KernelProcess } from "../../kernel/process/index.ts";
import {
  type CellError,
  decode,
  type ExecutionNotice,
  encode,
  type KernelCommand,
  type KernelNotice,
} from "../../src/protocol/index.ts";
import { analyse } from "../../src/workbook/index.ts";
import { installation } from "../installation.ts";
import { type CodeCell, hasTag, sourceOf } from "./notebook-file.ts";
import { Outputs } from "./outputs.ts";

type Executed = Pick<Extract<ExecutionNotice, { type: "executed" }>, "bundle" | "error">;

export interface ExecuteOptions {
  /** Folder of the notebook: paths in its cells are relative to it. */
  readonly directory: string;
  readonly signal: AbortSignal;
  /** What cells print while they run. */
  readonly print: (text: string) => void;
  readonly began: (cell: CodeCell, count: number) => void;
  /** A cell is done, and its outputs are in it. */
  readonly done: (cell: CodeCell, error: CellError | undefined) => Promise<void>;
}

/**
 * Executes code cells in order, in a kernel of their own, and puts outputs and counts into them. The first
 * error ends it, unless its cell is tagged `raises-exception`; a cell tagged `skip-execution` is left as
 * it is.
 *
 * @returns the error that ended it
 */
export async function execute(
  cells: readonly CodeCell[],
  { directory, signal, print, began, done }: ExecuteOptions,
): Promise<CellError | undefined> {
  const outputs = new Outputs();
  const sources = new Map<string, string>();
  let current = "";
  let dead: Executed | undefined;
  let settle: (executed: Executed) => void = () => {};
  const send = (command: KernelCommand) => kernel.send(encode(command));
  const stream = (id: string, name: "stdout" | "stderr", text: string) => {
    outputs.stream(id, name, text);
    print(text);
  };
  const hear = (notice: KernelNotice | ExecutionNotice): void => {
    switch (notice.type) {
      case "executed":
        if (notice.id === current) settle(notice);
        return;
      case "log": {
        const name = notice.level === "warn" || notice.level === "error" ? "stderr" : "stdout";
        stream(notice.cell, name, `${notice.text}\n`);
        return;
      }
      case "display":
        outputs.show(notice.cell, notice.display, notice.bundle, notice.update === true);
        return;
      case "clear":
        outputs.clear(notice.cell, notice.wait);
        return;
      case "ask":
        // Nobody is there to answer.
        send({ type: "answer", text: null });
        return;
      case "uncaught": {
        const { traceback } = errorContent(notice.error, (id) => sources.get(id));
        stream(notice.cell ?? current, "stderr", `${traceback.join("\n")}\n`);
        return;
      }
    }
  };
  const kernel = new KernelProcess(join(installation, "dist", "kernel.js"), directory, {
    frame: (frame) => hear(decode(frame) as KernelNotice | ExecutionNotice),
    output: (name, text) => stream(current, name, text),
    ended: (reason) => {
      dead = { error: { name: "KernelDied", message: reason } };
      settle(dead);
    },
  });
  /** Runs a cell to its end. */
  const run = async (id: string, source: string): Promise<Executed> => {
    const { code, error } = await analyse(source);
    if (error) {
      const at = { cell: id, line: error.line, column: error.column };
      return { error: { name: "SyntaxError", message: error.message, at, frames: [at] } };
    }
    if (dead) return dead;
    return new Promise((resolve) => {
      settle = resolve;
      send({ type: "execute", id, code });
    });
  };
  const stop = () => kernel.stop();
  signal.addEventListener("abort", stop);
  try {
    let count = 0;
    for (const cell of cells) {
      if (signal.aborted) return undefined;
      const source = sourceOf(cell);
      if (source.trim() === "" || hasTag(cell, "skip-execution")) continue;
      current = `In[${++count}]`;
      sources.set(current, source);
      cell.execution_count = count;
      cell.outputs = outputs.of(current);
      began(cell, count);
      const { bundle, error } = await run(current, source);
      if (bundle) {
        const data = dataOf(bundle);
        outputs.add(current, {
          output_type: "execute_result",
          execution_count: count,
          data,
          metadata: {},
        });
      }
      if (error) {
        const told = errorContent(error, (id) => sources.get(id));
        outputs.add(current, { output_type: "error", ...told });
      }
      await done(cell, error);
      if (error && !hasTag(cell, "raises-exception")) return error;
    }
    return undefined;
  } finally {
    signal.removeEventListener("abort", stop);
    await kernel.kill();
  }
}
