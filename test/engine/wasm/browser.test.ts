import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Browser } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { wasmEngine } from "../../../src/engine/index.ts";
import { openChromium } from "../../support/chromium.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { chainOf, floats } from "../support/chains.ts";
import { bitsOf } from "../support/programs.ts";
import { rowOf } from "../support/rows.ts";

/** In the page: the row of a few chains with the first, a product and a program, by the engine as a page would open it. */
const program = `
import { wasmEngine } from "../../../src/engine/index.ts";
import { chainOf, floats } from "../support/chains.ts";
import { bitsOf } from "../support/programs.ts";
import { rowOf } from "../support/rows.ts";

globalThis.compute = async (options) => {
  const engine = await wasmEngine(options);
  const chains = [1, 2, 3, 4, 5].map((seed) => chainOf([30, [20], [24, 9]], floats(seed)));
  const { slices } = await rowOf(engine.chains, chains[0], chains);
  const { data } = await engine.gemm(chains[0].steps[0].weight, chains[1].steps[0].weight, {
    transposeB: true,
  });
  const sums = await bitsOf(engine.programs, "float64");
  await engine.dispose();
  const product = Array.from(data);
  return { isolated: crossOriginIsolated, slices: Array.from(slices), product, sums };
};
`;

let browser: Browser;
let script: string;

beforeAll(async () => {
  browser = await openChromium();
  const bundle = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    write: false,
  });
  script = bundle.outputFiles[0]!.text;
}, 30_000);

afterAll(() => browser?.close());

async function expected() {
  const engine = await wasmEngine({ threads: 0 });
  const chains = [1, 2, 3, 4, 5].map((seed) => chainOf([30, [20], [24, 9]], floats(seed)));
  const { slices } = await rowOf(engine.chains!, chains[0]!, chains);
  const [a, b] = chains.map(({ steps: [step] }) => (step?.kind === "linear" ? step.weight : null));
  const product = await engine.gemm(a!, b!, { transposeB: true });
  const sums = await bitsOf(engine.programs!, "float64");
  return { slices: Array.from(slices), product: Array.from(product.data), sums };
}

const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

test.for([
  ["isolated, its workers share a memory", true, {}],
  ["not isolated, its workers have a memory each", false, {}],
  ["without workers", false, { threads: 0 }],
] as const)("a page gets the same bits as Node: %s", async ([, isolated, options]) => {
  const page = await browser.newPage();
  await page.route("**/*", (route) =>
    route.fulfill({
      contentType: "text/html",
      headers: isolated ? isolation : {},
      body: `<!doctype html><script>${script}</script>`,
    }),
  );
  await page.goto("http://localhost/");
  const found = await page.evaluate(`compute(${JSON.stringify(options)})`);
  expect(found).toEqual({ isolated, ...(await expected()) });
  await page.close();
});

test("a page opened from a file computes as well", async () => {
  const path = join(await temporaryFolder(), "page.html");
  await writeFile(path, `<!doctype html><script>${script}</script>`);
  const page = await browser.newPage();
  await page.goto(pathToFileURL(path).href);
  expect(await page.evaluate("compute({})")).toEqual({ isolated: false, ...(await expected()) });
  await page.close();
});
