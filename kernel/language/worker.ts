/* The language service on a thread of its own: TypeScript takes its time, and nobody waits for it. */
import module from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import { ExecutionLanguage } from "../../src/language/index.ts";
import { loadTypeScript } from "../../src/workbook/index.ts";
import type { Answer, Ask, LanguageData } from "./ask.ts";
import { completeness } from "./completeness.ts";

/** Milliseconds without a question after which what may be asked next is made ready. */
const idle = 300;

const { directory, executed } = workerData as LanguageData;
const language = new ExecutionLanguage(directory);
for (const code of executed) language.executed(code);

/** What is made ready while nobody waits, one thing after the other. */
const preparations = [() => language.offerLibrary()];
let preparing: NodeJS.Timeout | undefined;

function prepare(): void {
  clearTimeout(preparing);
  preparing = setTimeout(() => preparations.shift()?.(), idle);
  preparing.unref();
}

// One after the other: what is asked sees all that was executed before.
let last = Promise.resolve();
// A kernel may end without a moment for this.
setTimeout(() => (Reflect.get(module, "flushCompileCache") as (() => void) | undefined)?.(), 5_000);

async function answered(ask: Ask): Promise<Answer["value"]> {
  switch (ask.type) {
    case "executed":
      language.executed(ask.code);
      return undefined;
    case "strip":
      return (await loadTypeScript())(ask.code, ask.expression);
    case "completeness":
      return completeness(ask.code);
    case "complete":
      return language.complete(ask.code, ask.offset);
    case "inspect":
      return language.inspect(ask.code, ask.offset);
  }
}

parentPort!.on("message", (ask: Ask) => {
  last = last.then(async () => {
    let answer: Answer;
    try {
      answer = { id: ask.id, value: await answered(ask) };
    } catch (error) {
      answer = { id: ask.id, error: (error as Error).message };
    }
    parentPort!.postMessage(answer);
    if (ask.type === "complete" || ask.type === "inspect") prepare();
  });
});
