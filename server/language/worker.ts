/* The language service of open workbooks, on a thread of its own: nobody waits for TypeScript but who asked. */
import { parentPort } from "node:worker_threads";
import { WorkbookLanguage } from "../../src/language/index.ts";
import type { Work, Worked } from "./work.ts";

/** Workbooks whose programs are kept: each holds some 100 MB. */
const mostKept = 3;

const kept = new Map<string, WorkbookLanguage>();

/** The service of a workbook, the one that was asked last at the end. */
function languageOf({ file, directory }: Work): WorkbookLanguage {
  const language = kept.get(file) ?? new WorkbookLanguage(directory);
  kept.delete(file);
  kept.set(file, language);
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) break;
    forget(oldest);
  }
  return language;
}

function forget(file: string): void {
  kept.get(file)?.dispose();
  kept.delete(file);
}

parentPort!.on("message", (work: Work) => {
  const { id } = work;
  let worked: Worked;
  try {
    const language = languageOf(work);
    language.set(work.cells);
    worked = { id, answer: language.answer(work.question) };
  } catch (error) {
    // What a program holds after an error is not known.
    forget(work.file);
    worked = { id, error: (error as Error).message };
  }
  parentPort!.postMessage(worked);
});
