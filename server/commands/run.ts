import { dirname, extname, resolve } from "node:path";
import { replaceFile } from "../../src/checkpoint/files/index.ts";
import type { CellError, KernelNotice } from "../../src/protocol/index.ts";
import { filePosition, type Position } from "../../src/workbook/index.ts";
import { readArguments } from "../arguments.ts";
import { type Command, UsageError } from "../command.ts";
import { type Document, readDocument } from "../documents/document.ts";
import { workbookText } from "../documents/workbook-text.ts";
import { interruptible } from "../interruption.ts";
import { checkNewFile } from "../new-file.ts";
import { runNotebook } from "../notebooks/run-notebook.ts";
import { ProgressBar } from "../progress-bar.ts";
import { KernelEnded } from "../publishing/settled.ts";
import { checkFigures, figuresOf, writeFigures } from "../running/figures.ts";
import { prepareFolder, writeValues } from "../running/files.ts";
import { inputNames, readGiven } from "../running/inputs.ts";
import { type Outcome, outcomeOf } from "../running/outcome.ts";
import { plainOf } from "../running/plain.ts";

const flags = {
  set: { type: "string", multiple: true },
  json: { type: "string" },
  "out-dir": { type: "string" },
  out: { type: "string", short: "o" },
  force: { type: "boolean", default: false },
} as const;

export const run: Command = {
  summary: "run a workbook's kernel cells, or a Jupyter notebook, without a browser",
  usage: `Usage: simile run WORKBOOK [options]
       simile run NOTEBOOK.ipynb [--set NAME=VALUE …] [-o OUT.ipynb]

Runs the kernel cells of a workbook in order, with its inputs as they stand when nobody has touched them,
and prints what each of their names came to. Progress and what cells print go to standard error. This runs
the workbook's code, so run what you trust.

  --set NAME=VALUE   the value of an input, as JSON or else as text; any number of times
  --json FILE        write inputs, cells and values as JSON; - is standard output. Of typed arrays, tensors
                     and matrices shape and type, and up to 1000 numbers
  --out-dir DIR      write each value into a file: NAME.npz for typed arrays, tensors and matrices,
                     NAME.json for the rest, and for what else there is to a matrix; and each picture that
                     a cell shows: CELL.svg, CELL.2.svg …, or .png and such
  --force            replace files that exist

Of a notebook the code cells are executed in order until one fails, and texts of their values printed.
--set declares names in a cell tagged injected-parameters, as papermill does: after the cell tagged
parameters, which says what names there are, else first.

  -o, --out FILE     write the notebook with its outputs, again after each cell

An input is given as it is: whether its control would admit it is not asked. Functions and instances of
classes stay in the kernel. Browser cells run only where inputs come from them, so no figure of theirs is
drawn: simile publish keeps them.

Examples:
  simile run workbook.md
  simile run workbook.md --set symmetrise=false --set folder=run/ --json out.json
  simile run workbook.md --out-dir values --force
  simile run notebook.ipynb --set folder=run/ -o executed.ipynb

Exit status: 0 every cell is done, 1 a cell failed or the workbook cannot be run, 2 the command
line makes no sense, 130 stopped by Ctrl+C.`,

  async run(args) {
    const { values, positionals } = readArguments(args, flags, 1);
    const [path] = positionals;
    if (path === undefined) throw new UsageError("Cannot run: expected WORKBOOK, found none");
    const { json, force, out } = values;
    const outDir = values["out-dir"];
    if (extname(path).toLowerCase() === ".ipynb") {
      const other = [json !== undefined && "--json", outDir !== undefined && "--out-dir"];
      const found = other.find((flag) => flag !== false);
      if (found) throw new UsageError(`Cannot use ${found} with a notebook: expected -o`);
      return runNotebook(path, { set: values.set ?? [], out, force });
    }
    if (out !== undefined) {
      throw new UsageError("Cannot use -o with a workbook: expected --json or --out-dir");
    }
    const document = await readDocument({ path, text: await workbookText(path, "run") });
    const given = readGiven(values.set ?? [], inputNames(document));
    // Said before minutes are spent on computing what could not be kept.
    if (outDir !== undefined) {
      const names = kernelNames(document);
      await prepareFolder(outDir, names, force);
      if (!force) await checkFigures(outDir, [...names, ...document.order]);
    }
    if (json !== undefined && json !== "-") await checkNewFile(json, force);
    return interruptible(async (signal) => {
      const teller = new Teller(path, document);
      const outcome = await outcomeOf(document, {
        directory: dirname(resolve(path)),
        act: `run ${path}`,
        given,
        signal,
        hear: (notice) => teller.hear(notice),
      }).catch((error: unknown) => {
        if (!(error instanceof KernelEnded) || error.cell === undefined || !error.at) throw error;
        teller.ended(error.cell, error.at, error.message);
      });
      signal.throwIfAborted();
      if (!outcome) return 1;
      const failed = outcome.cells.filter(({ error }) => error);
      for (const { id, error } of failed) teller.failed(id, error!);
      if (outDir !== undefined) {
        await writeValues(outDir, outcome.values);
        await writeFigures(outDir, figuresOf(outcome));
      }
      const text = jsonOf(path, outcome);
      if (json === "-") console.log(text);
      else {
        if (json !== undefined) await replaceFile(resolve(json), `${text}\n`);
        const shown = textOf(outcome);
        if (shown !== "") console.log(shown);
      }
      return failed.length > 0 || teller.hasUncaught ? 1 : 0;
    });
  },
};

/** Tells standard error what goes on in the cells of a document. */
class Teller {
  hasUncaught = false;
  readonly #path: string;
  readonly #document: Document;
  #bar: ProgressBar | undefined;
  /** Cell and total that the bar is of. */
  #of = "";

  constructor(path: string, document: Document) {
    this.#path = path;
    this.#document = document;
  }

  hear(notice: KernelNotice): void {
    if (notice.type === "progress") this.#progress(notice);
    else if (notice.type === "run") {
      // What only hands values out is no cell of the person's.
      const isOwn = this.#document.cells.has(notice.cell);
      if (isOwn && notice.state === "running") this.#say(`running #${notice.cell} …`);
    } else if (notice.type === "display") {
      const text = String(notice.bundle["text/plain"]);
      if (!notice.update) this.#say(`#${notice.cell}: ${text}`);
    } else if (notice.type === "log") this.#say(`#${notice.cell}: ${notice.text.trimEnd()}`);
    else if (notice.type === "uncaught") {
      this.hasUncaught = true;
      this.failed(notice.cell ?? "", notice.error);
    }
  }

  /** An error at its place in the file. */
  failed(id: string, { name, message, at }: CellError): void {
    const cell = this.#document.graph.cells.get(at?.cell ?? id)?.cell;
    const place = cell ? filePosition(cell, at ?? { line: 1, column: 1 }) : at;
    const path = at?.file === undefined ? this.#path : resolve(dirname(this.#path), at.file);
    const where = place ? `${path}:${place.line}:${place.column}` : path;
    this.#say(`${where}: ${name}: ${message}`);
  }

  /** The kernel has ended, at a place in a cell. */
  ended(id: string, at: Position, message: string): void {
    const cell = this.#document.graph.cells.get(id)?.cell;
    const { line, column } = cell ? filePosition(cell, at) : at;
    // The line in the cell, which the message names, is not the one in the file.
    this.#say(`${this.#path}:${line}:${column}: ${message.replace(/ in line \d+/, "")}`);
  }

  #say(line: string): void {
    this.#bar?.clear();
    console.error(line);
  }

  #progress({ cell, done, total, label }: Extract<KernelNotice, { type: "progress" }>): void {
    const of = `#${cell} ${total}`;
    if (this.#of !== of) {
      this.#bar?.clear();
      this.#bar = new ProgressBar(process.stderr, Math.max(1, total));
      this.#of = of;
    }
    this.#bar?.update(done, label === undefined ? `#${cell}` : `#${cell} ${label}`);
  }
}

function kernelNames({ graph }: Document): string[] {
  const kernel = [...graph.cells.values()].filter(({ cell }) => cell.kind === "kernel");
  return kernel.flatMap(({ outputs }) => outputs);
}

function jsonOf(workbook: string, { inputs, cells, values }: Outcome): string {
  const named = values.map(({ name, value, stays, shown: _, ...about }) => {
    return [name, { ...about, ...(stays ? { stays } : { value: plainOf(value) }) }] as const;
  });
  const told = cells.map(({ shown: _, ...about }) => about);
  const all = Object.fromEntries(named);
  return JSON.stringify({ workbook, inputs: plainOf(inputs), cells: told, values: all }, null, 2);
}

function textOf({ values }: Outcome): string {
  return values.map(({ name, preview }) => `${name} = ${preview ?? "undefined"}`).join("\n");
}
