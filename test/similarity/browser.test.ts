import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openChromium } from "../support/chromium.ts";
import { failing, vectorNames } from "../support/vector-checks.ts";
import { cases } from "../support/vectors.ts";
import { type Answer, answer } from "./browser-worker.ts";

const vectors = Object.fromEntries(vectorNames.map((name) => [name, cases<never, never>(name)]));

/** In a worker of the page: the whole library, whether it is used or not. */
const program = `
import * as simile from "../../src/index.ts";
import { answer } from "./browser-worker.ts";

globalThis.simile = { ...simile };
globalThis.onmessage = async ({ data }) => {
  try {
    postMessage({ answer: await answer(data) });
  } catch (error) {
    postMessage({ error: String(error.stack ?? error) });
  }
};
`;

const page = `<!doctype html><script type="module">
globalThis.ask = (task) => new Promise((resolve, reject) => {
  const worker = new Worker("/worker.js", { type: "module" });
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.onmessage = ({ data }) => {
    worker.terminate();
    if (data.error) reject(new Error(data.error));
    else resolve(data.answer);
  };
  worker.postMessage(task);
});
</script>`;

let browser: Browser;
let script: string;
let expected: Answer;

beforeAll(async () => {
  browser = await openChromium();
  const bundle = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    write: false,
  });
  script = bundle.outputFiles[0]!.text;
  expected = await answer({ vectors, threads: 0 });
}, 60_000);

afterAll(() => browser?.close());

const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

describe.for([true, false])("a worker of a page, cross-origin isolated: %s", (isolated) => {
  test.for([1, 2, 4])("of %d threads, computes what Node does", async (threads) => {
    const tab = await browser.newPage();
    try {
      await tab.route("**/*", (route) => {
        const headers = isolated ? isolation : {};
        return route.request().url().endsWith("/worker.js")
          ? route.fulfill({ contentType: "text/javascript", headers, body: script })
          : route.fulfill({ contentType: "text/html", headers, body: page });
      });
      await tab.goto("http://localhost/");
      const task = JSON.stringify({ vectors, threads });
      const found: Answer = await tab.evaluate(`ask(${task})`);
      expect(found.isolated).toBe(isolated);
      expect(found.checks.length).toBe(expected.checks.length);
      expect(failing(found.checks)).toEqual([]);
      expect(found.matrices).toEqual(expected.matrices);
      expect(numbersOf(found)).toEqual(numbersOf(expected));
    } finally {
      await tab.close();
    }
  });
});

function numbersOf({ checks }: Answer): [name: string, found: number][] {
  return checks.map(({ name, found }) => [name, found]);
}

test("the matrices are of networks that differ", () => {
  for (const [name, entries] of Object.entries(expected.matrices)) {
    expect(new Set(entries).size, name).toBeGreaterThan(entries.length / 3);
  }
  expect(failing(expected.checks)).toEqual([]);
});
