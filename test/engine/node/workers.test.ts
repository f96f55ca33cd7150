import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, test } from "vitest";

const program = `
import { wasmEngine } from "./index.ts";
import "./node/index.ts";

for (const shared of [true, false]) {
  const { chains } = await wasmEngine({ threads: 2, shared });
  const weight = { shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) };
  const chain = await chains.load({ steps: [{ kind: "linear", weight }] }, "float64");
  const { slices } = await chains.row(chain, [chain]);
  console.log(slices.join(" "));
}
`;

test("bundled and minified, workers compute, and once idle let the process end by itself", async () => {
  const folder = await mkdtemp(join(tmpdir(), "simile-"));
  try {
    await build({
      stdin: {
        contents: program,
        resolveDir: fileURLToPath(new URL("../../../src/engine", import.meta.url)),
      },
      bundle: true,
      minify: true,
      format: "esm",
      platform: "node",
      packages: "external",
      outfile: join(folder, "program.mjs"),
    });
    const run = promisify(execFile)(process.execPath, [join(folder, "program.mjs")], {
      timeout: 10_000,
    });
    expect((await run).stdout).toBe("14 77\n14 77\n");
  } finally {
    await rm(folder, { recursive: true });
  }
}, 15_000);
