/* The language service on a thread of its own: TypeScript takes its time, and nobody waits for it. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { Answer, Ask, LanguageData } from "./ask.ts";
import { Language } from "./language.ts";

const { directory } = workerData as LanguageData;
const declarations = fileURLToPath(new URL("./types/index.node.d.ts", import.meta.url));
const language = new Language(directory, existsSync(declarations) ? declarations : undefined);

async function answered(ask: Ask): Promise<Answer["value"]> {
  switch (ask.type) {
    case "executed":
      await language.executed(ask.code);
      return undefined;
    case "complete":
      return language.complete(ask.code, ask.offset);
    case "inspect":
      return language.inspect(ask.code, ask.offset);
  }
}

// One after the other: what is asked sees all that was executed before.
let last = Promise.resolve();
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
