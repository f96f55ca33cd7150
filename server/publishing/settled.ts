import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { KernelProcess } from "../../kernel/process/index.ts";
import {
  decode,
  encode,
  type KernelCommand,
  type KernelNotice,
  type KernelRequest,
  type ReportValues,
} from "../../src/protocol/index.ts";
import type { Document } from "../documents/document.ts";
import { installation } from "../installation.ts";

type KernelResult = Extract<KernelNotice, { type: "result" }>;

/** What the built `dist/headless.js` gives; the page's code is known here as a path only. */
interface Headless {
  settle(options: {
    readonly definitions: readonly unknown[];
    readonly request: (request: KernelRequest, receive: (result: KernelResult) => void) => void;
    readonly given?: Readonly<Record<string, unknown>>;
    readonly signal: AbortSignal;
  }): Promise<ReportValues>;
}

export interface SettleOptions {
  /** Folder of the workbook: paths in its cells are relative to it. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
  /** Told what the kernel tells while it works: which cell runs, how far it is, what it prints. */
  readonly hear?: (notice: KernelNotice) => void;
  /** Values of names that browser cells declare, in place of those a page would show. */
  readonly given?: Readonly<Record<string, unknown>>;
  /** What is being done, for the sentence of an error; by default `"publish"`. */
  readonly act?: string;
}

/** Why a kernel ended in the midst of a workbook, and in which cell's code. */
export class KernelEnded extends Error {
  readonly cell: string | undefined;
  readonly at: { readonly line: number; readonly column: number } | undefined;

  /** @param place in the cell, as `line:column` */
  constructor(message: string, cell?: string, place?: string) {
    super(message);
    const [line, column] = (place ?? "").split(":").map(Number);
    this.cell = cell;
    this.at = line && column ? { line, column } : undefined;
  }
}

/** What is run of a workbook. */
export type Settled = Pick<Document, "cells" | "kernelCells">;

/**
 * Runs a workbook without a browser: its kernel cells in a kernel of their own, and the browser cells
 * that set their inputs, which have the values a page shows that nobody has touched.
 *
 * @throws {KernelEnded} when the kernel ends before all cells are done
 * @throws {Error} when the signal aborts
 */
export async function settledValues(
  document: Settled,
  { directory, signal, hear, given = {}, act = "publish" }: SettleOptions,
): Promise<ReportValues> {
  const failure = new AbortController();
  const receivers = new Map<string, (result: KernelResult) => void>();
  let running: string | undefined;
  const kernel = new KernelProcess(join(installation, "dist", "kernel.js"), directory, {
    frame: (frame) => {
      const notice = decode(frame) as KernelNotice;
      if (notice.type === "run" && notice.state === "running") running = notice.cell;
      if (notice.type === "result") receivers.get(notice.cell)?.(notice);
      hear?.(notice);
    },
    output: (stream, text) =>
      hear?.({
        type: "log",
        cell: running ?? "",
        level: stream === "stderr" ? "error" : "log",
        text,
      }),
    ended: (reason, cell, place) => {
      const where = running === undefined ? "" : ` while the cell ${running} ran`;
      failure.abort(new KernelEnded(`Cannot ${act}: ${reason}${where}`, cell, place));
    },
  });
  try {
    // Who runs a workbook without a page asks for all of it.
    const kernelCells = document.kernelCells.map((cell) => ({ ...cell, run: "live" }) as const);
    const cells: KernelCommand = { type: "cells", cells: kernelCells, directory };
    kernel.send(encode(cells));
    const url = pathToFileURL(join(installation, "dist", "headless.js")).href;
    const { settle } = (await import(url)) as Headless;
    return await settle({
      definitions: Array.from(document.cells.values(), (cell) => ({ ...cell, run: "live" })),
      request: (request, receive) => {
        for (const { id } of request.cells) receivers.set(id, receive);
        kernel.send(encode(request));
      },
      given,
      signal: signal ? AbortSignal.any([signal, failure.signal]) : failure.signal,
    });
  } finally {
    await kernel.kill();
  }
}
