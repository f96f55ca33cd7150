import { access } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { replaceFile } from "../../src/checkpoint/files/index.ts";
import type { KernelNotice } from "../../src/protocol/index.ts";
import { readArguments } from "../arguments.ts";
import { type Command, UsageError } from "../command.ts";
import { readDocument } from "../documents/document.ts";
import { workbookText } from "../documents/workbook-text.ts";
import { reportOf } from "../publishing/report.ts";
import { settledValues } from "../publishing/settled.ts";

export const publish: Command = {
  summary: "write a workbook as one file that opens offline",
  usage: `Usage: simile publish WORKBOOK -o FILE [options]

Runs the workbook's kernel cells once, with its inputs as they stand when nobody has touched them, and
writes one HTML file: charts and the inputs that need no kernel stay alive, the kernel's values are frozen.
The file loads nothing from anywhere. Publishing runs the workbook's code, so publish what you trust.

  -o, --out FILE   the report
  --partial        publish even when a cell has failed; its error is shown in the report`,

  async run(args) {
    const { values, positionals } = readArguments(
      args,
      { out: { type: "string", short: "o" }, partial: { type: "boolean", default: false } },
      1,
    );
    const [path] = positionals;
    if (path === undefined) throw new UsageError("Cannot publish: expected WORKBOOK, found none");
    if (!values.out)
      throw new UsageError("Cannot publish: expected -o FILE, found no file to write");
    return publishWorkbook(path, values.out, values.partial);
  },
};

async function publishWorkbook(path: string, out: string, isPartial: boolean): Promise<number> {
  const text = await workbookText(path, "publish");
  // Said before minutes are spent on computing what could not be kept.
  await access(dirname(resolve(out))).catch(() => {
    throw new Error(`Cannot write ${out}: there is no folder ${dirname(out)}`);
  });
  const document = await readDocument({ path, text });
  const values = await settledValues(document, { directory: dirname(resolve(path)), hear: tell });
  const failed = [
    ...Object.entries(values.results).flatMap(([id, { error }]) => (error ? [{ id, error }] : [])),
    ...[...document.cells.values()].flatMap((cell) =>
      "error" in cell && cell.error ? [{ id: cell.id, error: cell.error }] : [],
    ),
  ];
  for (const { id, error } of failed) console.error(`${id}: ${error.name}: ${error.message}`);
  if (failed.length > 0 && !isPartial) {
    console.error(
      `Cannot publish ${path}: ${failed.length} of its cells failed; --partial publishes all the same`,
    );
    return 1;
  }
  const report = await reportOf(document, values, basename(path));
  try {
    await replaceFile(resolve(out), report.html);
  } catch (error) {
    throw new Error(`Cannot write ${out}: ${(error as Error).message}`);
  }
  const { page, mathematics, data } = report.bytes;
  console.log(
    `${out}: ${megabytes(page + mathematics + data)} (page ${megabytes(page)}, mathematics ${megabytes(mathematics)}, data ${megabytes(data)})`,
  );
  return 0;
}

function tell(notice: KernelNotice): void {
  if (notice.type === "run" && notice.state === "running")
    console.error(`running ${notice.cell} …`);
  if (notice.type === "display" && !notice.update) {
    console.error(`${notice.cell}: ${notice.bundle["text/plain"]}`);
  }
  if (notice.type === "log") console.error(`${notice.cell}: ${notice.text.trimEnd()}`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
