import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { LanguageThread as ExecutionThread } from "../../kernel/language/language-thread.ts";
import { LanguageThread as WorkbookThread } from "../../server/language/language-thread.ts";
import type { CodeCell } from "../../src/language/index.ts";
import type { LanguageQuestion } from "../../src/protocol/index.ts";
import { parse } from "../../src/workbook/index.ts";

const root = join(fileURLToPath(import.meta.url), "..", "..", "..");

export const name = "language: completion, types across cells";

const rounds = 25;

/** Code as people execute it, piece by piece. */
const executed: readonly string[] = [
  "import { readFile } from 'node:fs/promises';\nconst text = await readFile('a.json', 'utf8');",
  "interface Row { step: number; loss: number }\nconst rows: Row[] = JSON.parse(text);",
  ...Array.from(
    { length: 30 },
    (_, i) =>
      `const part${i} = rows.map((row) => ({ ...row, index: ${i}, at: new Date(row.step) }));`,
  ),
];

/** What is typed: each time something else, so that nothing is known from before. */
const typed = (round: number): string =>
  `const chosen${round} = part7.filter((part) => part.loss > ${round});\nchosen${round}[0].`;

/**
 * TypeScript's own language service over the same text as one file, on a thread, with Node's types: what
 * it takes without anything of ours.
 */
const bare = `
const { parentPort, workerData: { before, typescript, directory } } = require("node:worker_threads");
const ts = require(typescript);
const file = directory + "/bare.ts";
let text = before, version = 0;
const options = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, strict: true, skipLibCheck: true, lib: ["lib.es2023.d.ts"], types: ["node"] };
const own = (name) => name === file;
const service = ts.createLanguageService({
  getCompilationSettings: () => options,
  getScriptFileNames: () => [file],
  getScriptVersion: (name) => own(name) ? String(version) : "0",
  getScriptSnapshot: (name) => { const read = own(name) ? text : ts.sys.readFile(name); return read === undefined ? undefined : ts.ScriptSnapshot.fromString(read); },
  getCurrentDirectory: () => directory,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (name) => own(name) || ts.sys.fileExists(name),
  readFile: ts.sys.readFile,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
  realpath: ts.sys.realpath,
});
parentPort.on("message", (typed) => {
  text = before + typed;
  version++;
  parentPort.postMessage(service.getCompletionsAtPosition(file, text.length, {}).entries.length);
});`;

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

async function timed(question: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await question();
  return performance.now() - start;
}

interface Times {
  readonly first: number;
  readonly warm: number;
}

async function times(ask: (round: number) => Promise<unknown>): Promise<Times> {
  const first = await timed(() => ask(0));
  const warm: number[] = [];
  for (let round = 1; round <= rounds; round++) warm.push(await timed(() => ask(round)));
  return { first, warm: median(warm) };
}

async function bareTimes(): Promise<Times> {
  const typescript = createRequire(import.meta.url).resolve("typescript");
  const workerData = { before: `${executed.join("\n")}\n`, typescript, directory: root };
  let worker: Worker | undefined;
  const found = await times(
    (round) =>
      new Promise((resolve) => {
        worker ??= new Worker(bare, { eval: true, workerData });
        worker.once("message", resolve);
        worker.postMessage(typed(round));
      }),
  );
  await worker?.terminate();
  return found;
}

async function executionTimes(): Promise<Times> {
  const script = pathToFileURL(join(root, "dist", "language.js"));
  const thread = new ExecutionThread(root, { script, after: 10_000 });
  for (const code of executed) thread.executed(code);
  return times(async (round) => {
    const code = typed(round);
    const { matches } = await thread.complete(code, code.length);
    if (!matches.some(({ text }) => text === "loss")) throw new Error("A completion is missing");
  });
}

async function workbookTimes(
  kind: "browser" | "kernel",
  ask: (cell: string, offset: number) => object,
): Promise<Times> {
  const thread = new WorkbookThread(pathToFileURL(join(root, "dist", "workbook-language.js")));
  const workbook = parse(readFileSync(join(root, "workbooks", "grokking.md"), "utf8"));
  const cells = workbook.cells.flatMap(({ id, kind, source }): CodeCell[] =>
    kind === "prose" ? [] : [{ id, kind, source }],
  );
  const found = await times((round) => {
    const source = `const chosen${round} = matrix.`;
    const edited = [...cells, { id: "edited", kind, source }];
    const question = { workbook: "", unsaved: [], ...ask("edited", source.length) };
    return thread.ask(
      {
        file: "grokking.md",
        directory: join(root, "workbooks"),
        cells: edited,
        question: question as unknown as LanguageQuestion,
      },
      new AbortController().signal,
    );
  });
  await thread.close();
  return found;
}

export async function run(print: (line: string) => void): Promise<void> {
  // Threads that answer keep no process alive.
  const alive = setInterval(() => {}, 60_000);
  const base = await bareTimes();
  const row = (what: string, { first, warm }: Times): void => {
    const [a, b] = [first / base.first, warm / base.warm].map((ratio) => ratio.toFixed(2));
    print(
      `${what.padEnd(44)} first ${first.toFixed(0).padStart(5)} ms (${a}×)   warm ${warm.toFixed(1).padStart(6)} ms (${b}×)`,
    );
  };
  row("bare TypeScript service, one file, Node's types", base);
  row("executions: complete a member", await executionTimes());
  row(
    "workbook: complete in a kernel cell",
    await workbookTimes("kernel", (cell, offset) => ({ type: "complete", cell, offset })),
  );
  row(
    "workbook: complete in a browser cell",
    await workbookTimes("browser", (cell, offset) => ({ type: "complete", cell, offset })),
  );
  row(
    "workbook: hover in a browser cell",
    await workbookTimes("browser", (cell, offset) => ({ type: "hover", cell, offset: offset - 2 })),
  );
  row(
    "workbook: diagnose every cell",
    await workbookTimes("browser", () => ({ type: "diagnose" })),
  );
  clearInterval(alive);
}
