import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readCheckpoint, tensorOf } from "../../../src/checkpoint/index.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { runCommand } from "../../support/run-command.ts";
import {
  product,
  square,
  threeCheckpoints,
  wider,
  writeWeights,
} from "../../support/weight-files.ts";

const cosine = Math.SQRT1_2;
const expected = [
  [1, cosine, 1],
  [cosine, 1, cosine],
  [1, cosine, 1],
];

function expectClose(matrix: readonly (readonly number[])[]): void {
  expect(matrix.map((row) => row.map((value) => Number(value.toFixed(12))))).toEqual(
    expected.map((row) => row.map((value) => Number(value.toFixed(12)))),
  );
}

test("without -o it prints the matrix with its labels, and what it is", async () => {
  const { status, output, errors } = await runCommand(["matrix", await threeCheckpoints()]);
  expect(status).toBe(0);
  expect(errors).toBe("Comparing 3 networks\n");
  expect(output.split("\n").slice(0, 5)).toEqual([
    "                   5     40    300",
    "step_5        1.0000 0.7071 1.0000",
    "step_40       0.7071 1.0000 0.7071",
    "step_300      1.0000 0.7071 1.0000",
    "",
  ]);
  expect(output).toMatch(/^pairs {6}6 of 3 networks in \d+ s$/m);
  expect(output).toMatch(/^metric {5}symmetric, exact$/m);
});

test("--json and -o x.json say all of it", async () => {
  const folder = await threeCheckpoints();
  const out = join(folder, "m.json");
  const args = ["matrix", folder, "--json", "-o", out, "--pattern", "step_*"];
  const { output, status } = await runCommand(args);
  expect(status).toBe(0);
  expect(readFileSync(out, "utf8")).toBe(output);
  const result = JSON.parse(output);
  expectClose(result.matrix);
  expect(result).toMatchObject({
    shape: [3, 3],
    labels: ["step_5", "step_40", "step_300"],
    steps: [5, 40, 300],
    files: ["step_5", "step_40", "step_300"].map((name) => join(folder, `${name}.safetensors`)),
    undefinedAt: [],
    metric: "symmetric",
    exact: true,
    precision: "float64",
    engine: { name: "wasm" },
    slice: null,
    pairs: 6,
  });
  expect(result.norms.map((norm: number) => norm.toFixed(9))).toEqual(
    [cosine, 2, cosine].map((norm) => norm.toFixed(9)),
  );
  expect(result.algorithm).toMatch(/^tensor-similarity\//);
});

test("-o x.npz holds matrix, norms, steps, labels and provenance", async () => {
  const folder = await threeCheckpoints();
  const out = join(await temporaryFolder(), "m.npz");
  const { status, output } = await runCommand(["matrix", folder, "-o", out]);
  expect(status).toBe(0);
  expect(output).toMatch(new RegExp(`^written {4}${out}$`, "m"));
  expect(output).not.toContain("1.0000");
  const bytes = new Uint8Array(readFileSync(out));
  // Texts are no weights, so the checkpoint reader refuses the file; numbers are read by their entries.
  await expect(readCheckpoint(bytes, out)).rejects.toThrow("labels");
  const entries = npyEntries(bytes);
  expect([...entries.keys()]).toEqual(["matrix", "norms", "steps", "labels", "provenance"]);
  const numbers = async (name: string) => {
    const { tensors } = await readCheckpoint(entries.get(name)!, name);
    return tensorOf(tensors.get("array")!);
  };
  const { shape, data } = await numbers("matrix");
  expect(shape).toEqual([3, 3]);
  expectClose([0, 1, 2].map((i) => [...data.subarray(3 * i, 3 * i + 3)]));
  expect((await numbers("norms")).shape).toEqual([3]);
  expect([...(await numbers("steps")).data]).toEqual([5, 40, 300]);
  const texts = (name: string) => utf32(entries.get(name)!);
  expect(texts("labels")).toEqual(["step_5", "step_40", "step_300"]);
  const provenance = JSON.parse(texts("provenance")[0]!);
  expect(provenance).toMatchObject({ metric: "symmetric", exact: true, pairs: 6 });
  expect(provenance.files).toHaveLength(3);
});

/** The .npy files of a stored zip, by the sizes in their own headers. */
function npyEntries(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer);
  const entries = new Map<string, Uint8Array>();
  for (let at = 0; view.getUint32(at, true) === 0x04034b50; ) {
    const start = at + 30 + view.getUint16(at + 26, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 30, start));
    at = start + view.getUint32(at + 22, true);
    entries.set(name.replace(/\.npy$/, ""), bytes.slice(start, at));
  }
  return entries;
}

/** The texts of a one-dimensional .npy array of Unicode. */
function utf32(npy: Uint8Array): string[] {
  const start = 10 + npy[8]! + 256 * npy[9]!;
  const header = new TextDecoder().decode(npy.subarray(10, start));
  const length = Number(/<U(\d+)/.exec(header)![1]);
  const points = new Uint32Array(npy.slice(start).buffer);
  return Array.from({ length: points.length / length }, (_, i) => {
    const signs = [...points.subarray(i * length, (i + 1) * length)].filter((sign) => sign !== 0);
    return String.fromCodePoint(...signs);
  });
}

test("-o x.csv has a row and a column for each label", async () => {
  const folder = await temporaryFolder();
  const a = await writeWeights(folder, 'a, "first".safetensors', product);
  const b = await writeWeights(folder, "b.safetensors", square);
  const out = join(folder, "m.csv");
  expect((await runCommand(["matrix", a, b, "-o", out])).status).toBe(0);
  const [head, first, second, ...rest] = readFileSync(out, "utf8").split("\r\n");
  const quoted = `"${a.replaceAll('"', '""')}"`;
  expect(head).toBe(`,${quoted},${b}`);
  expect(first!.startsWith(`${quoted},`)).toBe(true);
  const [label, left, right] = second!.split(",");
  expect(label).toBe(b);
  expect(Number(left)).toBeCloseTo(cosine, 14);
  expect(Number(right)).toBeCloseTo(1, 14);
  expect(rest).toEqual([""]);
});

test("files come by their steps, or as they are given", async () => {
  const folder = await threeCheckpoints();
  const files = ["step_300", "step_5", "step_40"].map((name) =>
    join(folder, `${name}.safetensors`),
  );
  const labels = async (...flags: string[]) =>
    JSON.parse((await runCommand(["matrix", ...files, "--json", ...flags])).output).labels;
  expect(await labels()).toEqual([files[1], files[2], files[0]]);
  expect(await labels("--as-given")).toEqual(files);
  const named = await writeWeights(folder, "final.safetensors", square);
  const mixed = await runCommand(["matrix", files[0]!, named, files[1]!, "--json"]);
  expect(JSON.parse(mixed.output).labels).toEqual([files[0], named, files[1]]);
  expect(JSON.parse(mixed.output)).not.toHaveProperty("steps");
});

test("a file of a folder that cannot be used is told and left out", async () => {
  const folder = await threeCheckpoints();
  await writeWeights(folder, "step_60.safetensors", wider);
  writeFileSync(join(folder, "step_50.safetensors"), "broken");
  const { status, errors } = await runCommand([
    "matrix",
    folder,
    "--json",
    "--pattern",
    "step_?0*",
  ]);
  expect(errors).toMatch(/^Left out step_50\.safetensors: Cannot read .*step_50\.safetensors: /);
  // One of another size is no different file but a mistake in the series.
  expect(errors).toContain('Cannot compare "step_60" with "step_40": expected dIn 2, found 3\n');
  expect(status).toBe(1);
});

test("what was computed is remembered by content: a new checkpoint costs one row", async () => {
  const folder = await threeCheckpoints();
  const cache = { SIMILE_CACHE: join(await temporaryFolder(), "similarities") };
  const result = async (...flags: string[]) =>
    JSON.parse((await runCommand(["matrix", folder, "--json", ...flags], cache)).output);
  const first = await result();
  expect(first).toMatchObject({ pairs: 6, computed: 6, notes: [] });
  expect(await result()).toMatchObject({ pairs: 6, computed: 0, matrix: first.matrix });
  expect(await result("--no-cache")).toMatchObject({ computed: 6, matrix: first.matrix });
  await writeWeights(folder, "step_400.safetensors", { ...square, down: [[-1]] });
  expect(await result()).toMatchObject({ pairs: 10, computed: 4 });
  expect((await runCommand(["matrix", folder], cache)).output).toMatch(
    /^pairs {6}10 of 4 networks in \d+ s, 10 of them remembered$/m,
  );
});

test("--explain computes nothing and says what it would take", async () => {
  const folder = await threeCheckpoints();
  const { status, output } = await runCommand(["matrix", folder, "--explain"]);
  expect(status).toBe(0);
  expect(output).toMatch(/^3 networks, the first 2 → bilinear 1 → 1$/m);
  expect(output).toMatch(/^Chosen: symmetric, exact for the parts of degree 2/m);
  expect(output).toMatch(/6 pairs/);
  const json = await runCommand(["matrix", folder, "--explain", "--json", "--metric", "closure"]);
  expect(JSON.parse(json.output)).toMatchObject({ count: 3, chosen: { measure: "closure" } });
});

test("--memory takes any size, with the same result", async () => {
  const folder = await threeCheckpoints();
  const values = async (...flags: string[]) =>
    JSON.parse((await runCommand(["matrix", folder, "--json", ...flags])).output).matrix;
  expect(await values("--memory", "1.5M")).toEqual(await values("--memory", "2GiB"));
});
