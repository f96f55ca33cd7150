import { extname, resolve } from "node:path";
import { replaceFile } from "../../src/checkpoint/files/index.ts";
import { fromNotebook, toNotebook } from "../../src/workbook/index.ts";
import { readArguments } from "../arguments.ts";
import { type Command, UsageError } from "../command.ts";
import { fileText } from "../documents/workbook-text.ts";
import { checkNewFile } from "../new-file.ts";

export const convert: Command = {
  summary: "make a Jupyter notebook of a workbook, or a workbook of a notebook",
  usage: `Usage: simile convert FROM TO [options]

Converts a workbook (.md) into a Jupyter notebook (.ipynb), or a notebook in TypeScript or JavaScript into
a workbook. Nothing is run. A workbook that becomes a notebook and a workbook again is the same, byte for
byte.

  workbook        notebook
  kernel cell     code cell
  prose           Markdown cell
  browser cell    raw cell, which Jupyter leaves alone
  #id, tags=a,b   the cell's id, its tags
  front matter, other attributes, fences: metadata under "simile"

Outputs are not kept, for a workbook's file holds none. Kernel cells whose inputs are browser cells have
no value for them in Jupyter. A Markdown cell in which a workbook's cell would begin cannot be converted.

  --force            replace TO when it exists
  --json             print what was done as JSON

Examples:
  simile convert workbook.md notebook.ipynb
  simile convert notebook.ipynb workbook.md --force

Exit status: 0 done, 1 it could not be done, 2 the command line makes no sense.`,

  async run(args) {
    const flags = {
      force: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    } as const;
    const { values, positionals } = readArguments(args, flags, 2);
    const [from, to] = positionals;
    if (from === undefined || to === undefined) {
      throw new UsageError(`Cannot convert: expected FROM and TO, found ${from ?? "none"}`);
    }
    const way = [extname(from), extname(to)].join(" ").toLowerCase();
    if (way !== ".md .ipynb" && way !== ".ipynb .md") {
      throw new UsageError(
        `Cannot convert ${from} to ${to}: expected one name that ends in .md and one in .ipynb`,
      );
    }
    const text = await fileText(from, "convert");
    await checkNewFile(to, values.force);
    const { text: converted, notes } = way.startsWith(".md")
      ? { text: toNotebook(text), notes: [] }
      : fromNotebook(text);
    try {
      await replaceFile(resolve(to), converted);
    } catch (error) {
      throw new Error(`Cannot write ${to}: ${(error as Error).message}`, { cause: error });
    }
    if (values.json) console.log(JSON.stringify({ from, to, notes }, null, 2));
    else for (const note of notes) console.error(`${from}: ${note}`);
    return 0;
  },
};
