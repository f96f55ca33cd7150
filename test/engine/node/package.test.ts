import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import "../../../src/engine/node/index.ts";
import { openEngine } from "../../../src/engine/index.ts";
import { loadPackage } from "../../../src/engine/node/package.ts";
import { onnxEngine } from "../../../src/engine/onnx/onnx.ts";

test("a package that is not installed is named with the engine that needs it", async () => {
  const load = () => loadPackage<never>("onnx", "no-such-package");
  await expect(onnxEngine({}, load)).rejects.toThrow(
    'Cannot use engine "onnx": no-such-package is not installed',
  );
});

test("a package that is installed but does not load is told apart", () => {
  const folder = mkdtempSync(join(tmpdir(), "simile-"));
  const name = join(folder, "broken.cjs");
  try {
    writeFileSync(name, "throw new Error('no library')");
    expect(() => loadPackage("onnx", name)).toThrow(
      `Cannot use engine "onnx": ${name} does not load: no library`,
    );
    writeFileSync(name, "require('its-own-part')");
    expect(() => loadPackage("onnx", name)).toThrow("does not load: Cannot find module 'its-own");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('engine "tfjs" in Node needs @tensorflow/tfjs-node', async () => {
  await expect(openEngine("tfjs")).rejects.toThrow(
    'Cannot use engine "tfjs": @tensorflow/tfjs-node is not installed',
  );
});
