import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { contentHash, readCheckpoint, writeNpz } from "../../../src/checkpoint/index.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { runCommand } from "../../support/run-command.ts";
import { square, writeWeights } from "../../support/weight-files.ts";

const weights = { ...square, left: [[1, -2]], right: [[Number.NaN, Number.POSITIVE_INFINITY]] };

test("the file, its network and every tensor", async () => {
  const folder = await temporaryFolder();
  const file = await writeWeights(folder, "step_40.safetensors", weights, { step: "41", by: "me" });
  const { status, output, errors } = await runCommand(["inspect", file]);
  expect({ status, errors }).toEqual({ status: 0, errors: "" });
  const bytes = new Uint8Array(readFileSync(file));
  const hash = await contentHash(await readCheckpoint(bytes));
  expect(output).toMatch(new RegExp(`^format +safetensors, ${bytes.length} bytes$`, "m"));
  expect(output).toMatch(new RegExp(`^contents +sha256 ${hash}$`, "m"));
  expect(output).toMatch(/^step +40 by its name$/m);
  expect(output).toMatch(/^step +41 by its contents$/m);
  expect(output).toMatch(/^by +me$/m);
  expect(output).toMatch(/^network +2 → bilinear 1 → 1, 5 parameters$/m);
  const table = output
    .split("\n\n")[2]!
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/));
  expect(table).toEqual([
    ["tensor", "type", "shape", "bytes", "min", "mean", "max", "NaN", "infinite"],
    ["left", "F64", "[1, 2]", "16", "-2", "-0.5", "1", "0", "0"],
    ["right", "F64", "[1, 2]", "16", "–", "–", "–", "1", "1"],
    ["down", "F64", "[1, 1]", "8", "1", "1", "1", "0", "0"],
  ]);
});

test("--json says all of it", async () => {
  const file = await writeWeights(await temporaryFolder(), "step_40.safetensors", weights);
  const result = JSON.parse((await runCommand(["inspect", file, "--json"])).output);
  expect(result).toMatchObject({
    file,
    format: "safetensors",
    step: { named: 40 },
    metadata: {},
    ignored: [],
    network: { adapter: "simile", layers: "2 → bilinear 1 → 1", parameters: 5 },
  });
  expect(result.tensors[0]).toEqual({
    name: "left",
    type: "F64",
    shape: [1, 2],
    bytes: 16,
    min: -2,
    max: 1,
    mean: -0.5,
    nan: 0,
    infinite: 0,
  });
  expect(result.tensors[1]).toEqual({
    name: "right",
    type: "F64",
    shape: [1, 2],
    bytes: 16,
    nan: 1,
    infinite: 1,
  });
  expect(result.adapters[0]).toMatchObject({ name: "simile", fits: true });
  expect(result.adapters.length).toBeGreaterThan(1);
});

test("its metrics, with the default; of weights that cannot be used, why not", async () => {
  const folder = await temporaryFolder();
  const { output } = await runCommand([
    "inspect",
    await writeWeights(folder, "a.safetensors", square),
  ]);
  expect(output).toMatch(/^metric +symmetric, exact, the default$/m);
  expect(output).toMatch(/^metric +closure, exact$/m);
  const file = await writeWeights(folder, "b.safetensors", weights);
  const { network } = JSON.parse((await runCommand(["inspect", file, "--json"])).output);
  expect(network.metrics).toEqual([]);
  expect(network.fault).toMatch(/^Cannot use right of layer 0 \(bilinear\): .*found NaN/);
});

test("settings that tensors do not hold are asked for, and shown when given", async () => {
  const folder = await temporaryFolder();
  const file = await writeWeights(folder, "a.safetensors", square);
  const adapter = join(folder, "mine.json");
  const layer = { kind: "bilinear", left: "left", right: "right", down: "down" };
  const layers = [{ ...layer, gain: { setting: "gain" } }];
  writeFileSync(adapter, JSON.stringify({ name: "mine", layers }));
  const without = await runCommand(["inspect", file, "--adapter", adapter]);
  expect(without.output).toMatch(/^give +--setting gain=VALUE$/m);
  const given = await runCommand(["inspect", file, "--adapter", adapter, "--setting", "gain=0.5"]);
  expect(given.output).toMatch(/^setting +gain 0\.5, from the settings$/m);
});

test("a file that no adapter fits is still inspected, and says what each one misses", async () => {
  const file = join(await temporaryFolder(), "odd.npz");
  writeFileSync(file, writeNpz({ up: { shape: [2], data: Float64Array.of(1, 3) } }));
  const { status, output } = await runCommand(["inspect", file]);
  expect(status).toBe(0);
  expect(output).toMatch(/^format +npz, /m);
  expect(output).toMatch(/^no network +Cannot make a network of /m);
  expect(output).toMatch(/^adapter +used +missing +not used +wrong shape +settings to give$/m);
  expect(output).toMatch(/^simile +0 +3 +1 +0$/m);
  expect(output).not.toMatch(/^network/m);
  const only = JSON.parse(
    (await runCommand(["inspect", file, "--json", "--adapter", "packed"])).output,
  );
  expect(only.obstacle).toContain('adapter "packed" does not fit: missing bi_linear.weight');
  expect(only.adapters).toMatchObject([
    {
      name: "packed",
      fits: false,
      missing: ["bi_linear.weight", "projection.weight"],
      unused: ["up"],
      wrong: [],
    },
  ]);
  expect(only).not.toHaveProperty("network");
});

test("what is no checkpoint: a sentence and status 1", async () => {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, "run"));
  writeFileSync(join(folder, "text"), "hello");
  writeFileSync(join(folder, "cut.npy"), "\x93NUMPY", "latin1");
  for (const [name, sentence] of [
    ["gone", "expected a file or folder, found nothing there"],
    ["run", "expected a file, found a folder"],
    [
      "text",
      "expected a safetensors, PyTorch, .npy or .npz file, found bytes that begin 68 65 6c 6c 6f",
    ],
    ["cut.npy", "expected a .npy header, found 6 bytes"],
  ] as const) {
    const { status, output, errors } = await runCommand(["inspect", join(folder, name)]);
    expect(errors).toContain(sentence);
    expect(errors).toMatch(new RegExp(`^Cannot read .*${name}: `));
    expect({ status, output }).toEqual({ status: 1, output: "" });
  }
});

test.for<[string[], string | RegExp]>([
  [[], "Cannot inspect: expected FILE, found none"],
  [["a", "b"], 'Unexpected argument "b"'],
  [["a", "--jsn"], /^Unknown flag --jsn: expected one of --.*; did you mean --json\?$/],
])("%o makes no sense: status 2, a sentence, the usage", async ([args, sentence]) => {
  const { status, errors } = await runCommand(["inspect", ...args]);
  expect(errors.split("\n")[0]).toEqual(
    typeof sentence === "string" ? sentence : expect.stringMatching(sentence),
  );
  expect(status).toBe(2);
  expect(errors).toContain("Usage: simile inspect FILE");
});
