import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { buildCommand, startSimile } from "../../support/command-line.ts";
import { titled } from "../../support/skipped.ts";

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

describe.skipIf(!python)(
  titled("a client that is not ours", python !== undefined, "jupyter_kernel_test"),
  () => {
    test("finds the kernel conformant, with nothing left out", () => {
      const { status, stderr } = spawnSync(python!, [join(import.meta.dirname, "conformance.py")], {
        env: environment,
        encoding: "utf8",
      });
      expect(stderr).toMatch(/^OK$/m);
      expect(stderr).not.toContain("skipped");
      expect(status).toBe(0);
    });

    test.skipIf(!converts)(
      titled(
        "executes a notebook with types, awaits, a chart and the library",
        converts,
        "nbconvert",
      ),
      () => {
        const codes = [
          'import { similarity, randomBilinear } from "simile";\nconst nets = [1, 2].map((seed: number) => randomBilinear({ dIn: 4, dHidden: 3, dOut: 2, seed }));',
          "const { value } = await similarity(nets[0]!, nets[0]!);\nvalue.toFixed(9)",
          'import * as Plot from "@observablehq/plot";\nPlot.plot({ marks: [Plot.lineY([1, 3, 2])] })',
          'Plot.plot({ title: "Named", color: { legend: true }, marks: [Plot.dot([[1, 2, "a"], [3, 4, "b"]], { x: "0", y: "1", fill: "2" })] })',
          'import { similarityMatrix } from "simile";\nawait similarityMatrix({ length: 2, network: (i) => nets[i]! })',
          "for (let i = 1; i <= 3; i++) progress(i, 3, 'rounds');\nmd`**bold**`",
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
        const svgOf = (cell: number) =>
          [cells[cell].outputs.at(-1).data["image/svg+xml"]].flat().join("");
        expect(svgOf(2)).toMatch(/^<svg xmlns="[^"]+".*<path .*<\/svg>$/s);
        expect(svgOf(3)).toMatch(/^<svg .*>Named<.*<\/svg>$/s);
        expect([cells[3].outputs[0].data["text/html"]].flat().join("")).toContain("<figure");
        expect(svgOf(4)).toContain("data:image/png;base64,");
        expect(cells[5].outputs[0].data["text/html"].join("")).toContain("3 of 3");
        expect(cells[5].outputs[1].data["text/markdown"]).toEqual(["**bold**"]);
        expect(cells[6].outputs).toMatchObject([
          { output_type: "stream", name: "stdout" },
          { output_type: "display_data", data: { "image/svg+xml": expect.anything() } },
        ]);
      },
    );
  },
);
