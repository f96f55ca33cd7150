import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adapters } from "../../../src/model/index.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { runCommand } from "../../support/run-command.ts";
import { exchanged, product, square, wider, writeWeights } from "../../support/weight-files.ts";

async function pair(): Promise<readonly [string, string]> {
  const folder = await temporaryFolder();
  return [
    await writeWeights(folder, "a-step-3.safetensors", product),
    await writeWeights(folder, "b.safetensors", square),
  ];
}

test("the cosine comes first, then what it is and where it comes from", async () => {
  const [a, b] = await pair();
  const { status, output, errors } = await runCommand(["similarity", a, b]);
  expect(status).toBe(0);
  expect(errors).toBe("");
  const lines = output.split("\n");
  expect(lines[0]).toBe("0.707106781187");
  expect(output).toMatch(/^norm of A {2}0\.707106781187 /m);
  expect(output).toMatch(/^norm of B {2}2 /m);
  expect(output).toContain("2 → bilinear 1 → 1");
  expect(output).toMatch(/^metric {5}symmetric, exact$/m);
  expect(output).toMatch(
    /^computed {3}in float64 by engine wasm on \d+ threads?, tensor-similarity/m,
  );
});

test("--json says all of it", async () => {
  const [a, b] = await pair();
  const { output } = await runCommand(["similarity", a, b, "--json", "--engine", "reference"]);
  const result = JSON.parse(output);
  expect(result.value).toBeCloseTo(Math.SQRT1_2, 14);
  expect(result.norms[1]).toBeCloseTo(2, 14);
  expect(result).toMatchObject({
    metric: "symmetric",
    exact: true,
    precision: "float64",
    engine: { name: "reference" },
    slice: null,
    a: { file: a, step: 3, network: "2 → bilinear 1 → 1", adapter: "simile" },
    b: { file: b, adapter: "simile" },
  });
  expect(result.b).not.toHaveProperty("step");
  expect(result.a.contentHash).toMatch(/^[0-9a-f]{64}$/);
});

test.for<[string[], object, number]>([
  [[], { metric: "symmetric", exact: true }, 1],
  [["--no-symmetrise"], { metric: "frobenius", exact: true }, 0],
  [["--metric", "exact-gaussian"], { metric: "exact gaussian", exact: true }, 1],
  [["--metric", "closure", "--slice", "0"], { metric: "closure", slice: 0 }, 1],
  [["--metric", "weight-cosine"], { metric: "weight cosine" }, 1 / 3],
  [["--precision", "float32", "--threads", "1"], { precision: "float32" }, 1],
])("%o decides how x₀x₁ is compared with x₁x₀", async ([flags, says, value]) => {
  const folder = await temporaryFolder();
  const a = await writeWeights(folder, "a.safetensors", product);
  const b = await writeWeights(folder, "b.safetensors", exchanged);
  const { output, errors } = await runCommand(["similarity", a, b, "--json", ...flags]);
  expect(errors).toBe("");
  const result = JSON.parse(output);
  expect(result).toMatchObject(says);
  expect(result.value).toBeCloseTo(value, 6);
});

test("--adapter takes a file, and the name of one of Simile's", async () => {
  const [a, b] = await pair();
  const file = join(await temporaryFolder(), "mine.json");
  const layer = { kind: "bilinear", left: "right", right: "left", down: "down" };
  writeFileSync(file, JSON.stringify({ name: "mine", layers: [layer] }));
  const own = await runCommand(["similarity", a, b, "--json", "--adapter", file]);
  expect(JSON.parse(own.output).a.adapter).toBe("mine");
  const named = await runCommand(["similarity", a, b, "--adapter", "packed"]);
  expect(named.status).toBe(1);
  expect(named.errors).toMatch(
    /^Cannot make a network of .*adapter "packed" does not fit: missing/,
  );
});

test("simile.json beside a file says how to read it; --setting says what no tensor holds", async () => {
  const folder = await temporaryFolder();
  const square = { left: [[1, 0]], right: [[1, 0]], down: [[1], [0]] };
  const file = await writeWeights(folder, "a.safetensors", square);
  const layer = { kind: "bilinear", left: "left", right: "right", down: "down" };
  const layers = [{ ...layer, residual: { setting: "residual" } }];
  writeFileSync(join(folder, "simile.json"), JSON.stringify({ name: "beside", layers }));
  const flags = ["--json", "--metric", "gaussian"];
  const asked = await runCommand(["similarity", file, file, ...flags]);
  expect(asked.status).toBe(1);
  expect(asked.errors).toContain("residual (share of the input added to the output)");
  const norm = async (residual: string) => {
    const { output } = await runCommand([
      "similarity",
      file,
      file,
      ...flags,
      "--setting",
      residual,
    ]);
    const { a, norms } = JSON.parse(output);
    expect(a.adapter).toBe("beside");
    return norms[0] ** 2;
  };
  // E[x₀⁴] = 3, and with the input added E[(x₀² + x₀)²] + E[x₁²] = 3 + 1 + 1.
  expect(await norm("residual=0")).toBeCloseTo(3, 12);
  expect(await norm("residual=additive")).toBeCloseTo(5, 12);
});

test("files that cannot be compared: a sentence, status 1, nothing on standard output", async () => {
  const folder = await temporaryFolder();
  const a = await writeWeights(folder, "a.safetensors", product);
  const corrupt = join(folder, "corrupt.pt");
  writeFileSync(corrupt, "PK\x03\x04 and nothing more");
  const other = join(folder, "notes.safetensors");
  writeFileSync(other, "some text");
  mkdirSync(join(folder, "run"));
  const wide = await writeWeights(folder, "c.safetensors", wider);
  const bad = join(folder, "bad.json");
  writeFileSync(bad, '{"name": "bad"}');
  const gone = join(folder, "gone");
  for (const [args, sentence] of [
    [[a, gone], `Cannot read ${gone}: expected a file or folder, found nothing there\n`],
    [
      [join(folder, "run"), a],
      `Cannot read ${join(folder, "run")}: expected a file, found a folder\n`,
    ],
    [[a, corrupt], `Cannot read ${corrupt}: `],
    [[a, other], `Cannot read ${other}: expected a safetensors, PyTorch, .npy or .npz file, found`],
    [[a, wide], 'Cannot compare "b" with "a": expected dIn 2, found 3\n'],
    [[a, a, "--slice", "1"], "Cannot compare slice 1: expected an output from 0 to 0, found 1\n"],
    [
      [a, a, "--adapter", `${gone}.json`],
      `Cannot read ${gone}.json: expected a file or folder, found nothing there\n`,
    ],
    [
      [a, a, "--adapter", bad],
      `Cannot use adapter: ${bad}: layers: expected a value for adapter, found none\n`,
    ],
  ] as const) {
    const { status, output, errors } = await runCommand(["similarity", ...args]);
    expect(errors.slice(0, sentence.length)).toBe(sentence);
    expect(status).toBe(1);
    expect(output).toBe("");
  }
});

test.for<[string[], string | RegExp]>([
  [[], "Cannot compare: expected two checkpoint files, found none"],
  [["a"], "Cannot compare: expected two checkpoint files, found one"],
  [["a", "b", "c"], 'Unexpected argument "c"'],
  [
    ["a", "b", "--metrc", "x"],
    /^Unknown flag --metrc: expected one of --.*; did you mean --metric\?$/,
  ],
  [
    ["a", "b", "--metric", "gausian"],
    "Cannot use --metric gausian: expected one of symmetric, frobenius, padded, gaussian, recursion, frobenius recursion, closure, exact gaussian, exact symmetric, weight cosine; did you mean gaussian?",
  ],
  [
    ["a", "b", "--engine", "gpu"],
    "Cannot use --engine gpu: expected one of auto, wasm, onnx, tfjs, reference",
  ],
  [
    ["a", "b", "--slice", "first"],
    "Cannot use --slice first: expected a whole number from 0 to 1000000000",
  ],
  [
    ["a", "b", "--adapter", "simle"],
    `Cannot use --adapter simle: expected a file that ends in .json, or one of ${adapters.map(({ name }) => name).join(", ")}; did you mean simile?`,
  ],
  [
    ["a", "b", "--setting", "heads"],
    "Cannot use --setting heads: expected NAME=VALUE, e.g. heads=8",
  ],
  [
    ["a", "b", "--setting", "head=8"],
    /^Cannot use --setting head=8: expected one of heads, .*; did you mean heads\?$/,
  ],
  [
    ["a", "b", "--metric", "weight-cosine", "--engine", "wasm"],
    "Cannot use --engine with --metric weight-cosine: it has no effect",
  ],
])("%o makes no sense: status 2, a sentence, the usage", async ([args, sentence]) => {
  const { status, output, errors } = await runCommand(["similarity", ...args]);
  expect(errors.split("\n")[0]).toEqual(
    typeof sentence === "string" ? sentence : expect.stringMatching(sentence),
  );
  expect(status).toBe(2);
  expect(output).toBe("");
  expect(errors).toContain("Usage: simile similarity A B");
});
