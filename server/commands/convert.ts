import { dirname, resolve } from "node:path";
import { replaceFile } from "../../src/checkpoint/files/index.ts";
import { readArguments } from "../arguments.ts";
import { type Command, UsageError } from "../command.ts";
import {
  asMarkdown,
  type Convertible,
  convertibleOf,
  fromMarkdown,
} from "../converting/conversion.ts";
import { type KeptRun, keptRun } from "../converting/notebook-run.ts";
import { readDocument } from "../documents/document.ts";
import { fileText } from "../documents/workbook-text.ts";
import { interruptible } from "../interruption.ts";
import { checkNewFile } from "../new-file.ts";

const flags = {
  outputs: { type: "boolean", default: false },
  force: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

export const convert: Command = {
  summary: "make a Jupyter or Observable notebook of a workbook, or a workbook of a notebook",
  usage: `Usage: simile convert FROM TO [options]

Converts between a workbook (.md), a Jupyter notebook (.ipynb) and a notebook of Observable's Notebook Kit
(.html), as the names end. A workbook that becomes a Jupyter notebook and a workbook again is the same, byte
for byte; what a format cannot hold is said. Nothing is run without --outputs.

  workbook        Jupyter notebook                     Observable notebook
  kernel cell     code cell                            script in TypeScript, with kernel=""
  prose           Markdown cell                        script in Markdown
  browser cell    raw cell, which Jupyter leaves alone script in TypeScript or JavaScript
  #id, tags=a,b   the cell's id, its tags              id, attributes
  the rest        metadata under "simile"              attributes, and <meta> for front matter

Code of a Jupyter notebook in another language, and Observable cells in languages that Simile does not run,
become fenced text. Outputs are not kept in a workbook, for its file holds none.

  --outputs          run the workbook as simile run does, and keep what its kernel cells printed and came
                     to in TO (.ipynb). A code cell tagged "parameters" gives the inputs that come from
                     browser cells the values they had, so that Jupyter can run the notebook again; it is
                     left out on the way back. This runs the workbook's code, so run what you trust
  --force            replace TO when it exists
  --json             print what was done as JSON

Examples:
  simile convert workbook.md notebook.ipynb --outputs
  simile convert notebook.ipynb workbook.md --force
  simile convert notebook.html workbook.md

Exit status: 0 done, 1 it could not be done or a cell failed, 2 the command line makes no sense, 130 stopped
by Ctrl+C.`,

  async run(args) {
    const { values, positionals } = readArguments(args, flags, 2);
    const [from, to] = positionals;
    if (from === undefined || to === undefined) {
      throw new UsageError(`Cannot convert: expected FROM and TO, found ${from ?? "none"}`);
    }
    const [before, after] = formatsOf(from, to);
    if (values.outputs && after !== ".ipynb") {
      throw new UsageError(`Cannot keep outputs in ${to}: expected a name that ends in .ipynb`);
    }
    const text = await fileText(from, "convert");
    await checkNewFile(to, values.force);
    const markdown = asMarkdown(before, text, from);
    return interruptible(async (signal) => {
      const run = values.outputs ? await runOf(from, markdown.text, signal) : undefined;
      const converted = await fromMarkdown(after, markdown.text, run);
      try {
        await replaceFile(resolve(to), converted.text);
      } catch (error) {
        throw new Error(`Cannot write ${to}: ${(error as Error).message}`, { cause: error });
      }
      const failed = run?.failed.map((id) => `The cell #${id} failed`) ?? [];
      const notes = [...markdown.notes, ...converted.notes, ...failed];
      if (values.json) console.log(JSON.stringify({ from, to, notes }, null, 2));
      else for (const note of notes) console.error(`${from}: ${note}`);
      return failed.length > 0 ? 1 : 0;
    });
  },
};

function formatsOf(from: string, to: string): [Convertible, Convertible] {
  const [before, after] = [convertibleOf(from), convertibleOf(to)];
  if (before === undefined || after === undefined || before === after) {
    throw new UsageError(
      `Cannot convert ${from} to ${to}: expected two names that end in two of .md, .ipynb and .html`,
    );
  }
  return [before, after];
}

async function runOf(from: string, text: string, signal: AbortSignal): Promise<KeptRun> {
  const document = await readDocument({ path: ".md", text });
  const run = await keptRun(document, {
    directory: dirname(resolve(from)),
    act: `run ${from}`,
    signal,
    hear: (notice) => {
      if (notice.type !== "run" || notice.state !== "running") return;
      // What only hands values out is no cell of the person's.
      if (document.cells.has(notice.cell)) console.error(`running #${notice.cell} …`);
    },
  });
  signal.throwIfAborted();
  return run;
}
