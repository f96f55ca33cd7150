/* The language service on a thread of its own: TypeScript takes its time, and nobody waits for it. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { loadTypeScript } from "../../src/workbook/index.ts";
import type { Answer, Ask, LanguageData } from "./ask.ts";
import { completeness } from "./completeness.ts";
import { Language } from "./language.ts";

const { directory, executed } = workerData as LanguageData;
const declarations = fileURLToPath(new URL("./types/index.node.d.ts", import.meta.url));
const language = new Language(directory, existsSync(declarations) ? declarations : undefined);

// One after the other: what is asked sees all that was executed before.
let last = Promise.resolve();
for (const code of executed) last = last.then(() => language.executed(code));

async function answered(ask: Ask): Promise<Answer["value"]> {
  switch (ask.type) {
    case "executed":
      await language.executed(ask.code);
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
  });
});
