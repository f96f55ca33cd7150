import { dirname, resolve } from "node:path";
import { replaceFile } from "../../src/checkpoint/files/index.ts";
import { fileText } from "../documents/workbook-text.ts";
import { interruptible } from "../interruption.ts";
import { checkNewFile } from "../new-file.ts";
import { readGiven } from "../running/inputs.ts";
import { execute } from "./execution.ts";
import { codeCells, notebookText, readNotebookFile } from "./notebook-file.ts";
import { injectParameters, parameterNames } from "./parameters.ts";

/** What papermill's readers know of a run and of a cell, under the key of that name. */
interface Kept {
  status?: "pending" | "running" | "completed" | "failed";
  exception?: boolean | null;
  start_time?: string;
  end_time?: string;
  duration?: number;
}

/**
 * Executes a notebook without a client of Jupyter's.
 *
 * @param set pairs `name=value` of parameters
 * @param out where the notebook is written with its outputs
 * @returns the exit status
 */
export async function runNotebook(
  path: string,
  {
    set,
    out,
    force,
  }: {
    readonly set: readonly string[];
    readonly out?: string | undefined;
    readonly force: boolean;
  },
): Promise<number> {
  const file = readNotebookFile(await fileText(path, "run"));
  const given = readGiven(set, await parameterNames(file));
  if (Object.keys(given).length > 0) injectParameters(file, given);
  if (out !== undefined) await checkNewFile(out, force);
  const cells = codeCells(file);
  for (const cell of cells) {
    cell.outputs = [];
    cell.execution_count = null;
    cell.metadata["papermill"] = { status: "pending" } satisfies Kept;
  }
  begin(file.metadata, {
    default_parameters: {},
    environment_variables: {},
    input_path: path,
    output_path: out ?? null,
    parameters: given,
  });
  const save = async () => {
    if (out !== undefined) await replaceFile(resolve(out), notebookText(file));
  };
  return interruptible(async (signal) => {
    const error = await execute(cells, {
      directory: dirname(resolve(path)),
      signal,
      print: (text) => process.stderr.write(text),
      began(cell, count) {
        console.error(`running In[${count}] …`);
        begin(cell.metadata, { status: "running" });
      },
      async done(cell, failure) {
        const isFailed = failure !== undefined;
        end(cell.metadata, { status: isFailed ? "failed" : "completed", exception: isFailed });
        for (const output of cell.outputs) {
          if (output.output_type === "error") console.error(output.traceback.join("\n"));
          else if (output.output_type === "execute_result") console.log(output.data["text/plain"]);
        }
        await save();
      },
    });
    signal.throwIfAborted();
    end(file.metadata, { exception: error ? true : null });
    await save();
    return error ? 1 : 0;
  });
}

/** Notes that something has begun, and when. */
function begin(metadata: Record<string, unknown>, about: object): void {
  metadata["papermill"] = { ...about, start_time: new Date().toISOString() };
}

/** Notes that it has ended, when, and the seconds between. */
function end(metadata: Record<string, unknown>, about: Kept): void {
  const began = metadata["papermill"] as Kept;
  const now = new Date();
  const duration = (now.getTime() - Date.parse(began.start_time!)) / 1000;
  metadata["papermill"] = { ...began, ...about, end_time: now.toISOString(), duration };
}
