import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { buildCommand, startSimile } from "../../support/command-line.ts";

/** Debian's own Python has Debian's packages, whatever other Python comes first. */
const python = ["/usr/bin/python3", "python3"].find((name) => has(name, "jupyter_kernel_test"));
const converts = python !== undefined && has(python, "nbconvert");

function has(name: string, module: string): boolean {
  return spawnSync(name, ["-c", `import ${module}`]).status === 0;
}

const prefix = mkdtempSync(join(tmpdir(), "conformance-"));
const environment = { ...process.env, JUPYTER_PATH: join(prefix, "share", "jupyter") };

beforeAll(async () => {
  buildCommand();
  expect((await startSimile(["kernel", "install", "--prefix", prefix])).status).toBe(0);
});

describe.skipIf(!python)("a client that is not ours (skipped: no jupyter_kernel_test)", () => {
  test("finds the kernel conformant, with nothing left out", () => {
    const { status, stderr } = spawnSync(python!, [join(import.meta.dirname, "conformance.py")], {
      env: environment,
      encoding: "utf8",
    });
    expect(stderr).toMatch(/^OK$/m);
    expect(stderr).not.toContain("skipped");
    expect(status).toBe(0);
  });

  test.skipIf(!converts)("executes a notebook with types, awaits, a chart and the library", () => {
    const codes = [
      'import { similarity, randomBilinear } from "simile";\nconst nets = [1, 2].map((seed: number) => randomBilinear({ dIn: 4, dHidden: 3, dOut: 2, seed }));',
      "const { value } = await similarity(nets[0]!, nets[0]!);\nvalue.toFixed(9)",
      "console.log('printed');\ndisplay({ [Symbol.for('Jupyter.display')]: () => ({ 'image/svg+xml': '<svg/>' }) });",
    ];
    const notebook = {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: "simile", display_name: "", language: "typescript" } },
      cells: codes.map((source, i) => ({
        id: `c${i}`,
        cell_type: "code",
        metadata: {},
        execution_count: null,
        outputs: [],
        source,
      })),
    };
    const file = join(prefix, "notebook.ipynb");
    writeFileSync(file, JSON.stringify(notebook));
    const { status, stderr } = spawnSync(
      python!,
      ["-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", file],
      { env: environment, encoding: "utf8" },
    );
    expect(status, stderr).toBe(0);
    const { cells, metadata } = JSON.parse(readFileSync(file, "utf8"));
    expect(metadata.language_info).toMatchObject({ name: "typescript", file_extension: ".ts" });
    expect(cells[1].outputs[0].data["text/plain"]).toEqual(["'1.000000000'"]);
    expect(cells[2].outputs).toMatchObject([
      { output_type: "stream", name: "stdout" },
      { output_type: "display_data", data: { "image/svg+xml": expect.anything() } },
    ]);
  });
});
