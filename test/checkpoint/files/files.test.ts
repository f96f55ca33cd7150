import { execFileSync } from "node:child_process";
import {
  appendFile,
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  fileSource,
  openCheckpoint,
  openSeries,
  saveCheckpoint,
} from "../../../src/checkpoint/files/index.ts";
import { CheckpointError, tensorOf } from "../../../src/checkpoint/index.ts";
import { type Matrix, matrix } from "../../../src/tensor/index.ts";
import { temporaryFolder } from "../../support/folder.ts";

const weights = (value: number): Record<string, Matrix> => ({
  left: matrix(1, 1, [value]),
  right: matrix(1, 1, [1]),
  down: matrix(1, 1, [1]),
});

function chdir(folder: string): void {
  const before = process.cwd();
  process.chdir(folder);
  onTestFinished(() => process.chdir(before));
}

describe("saveCheckpoint", () => {
  test("writes what openCheckpoint reads, each tensor in its own precision unless told otherwise", async () => {
    const file = join(await temporaryFolder(), "step_3.safetensors");
    const tensors = {
      wide: matrix(1, 2, [0.1, 1e300]),
      narrow: { shape: [1], data: Float32Array.of(0.1) },
    };
    await saveCheckpoint(file, tensors, { metadata: { seed: "0" } });
    const read = await openCheckpoint(file);
    expect(read).toMatchObject({ source: file, step: 3, metadata: { seed: "0" } });
    expect(tensorOf(read.tensors.get("wide")!)).toEqual(tensors.wide);
    expect(read.tensors.get("narrow")!.type).toBe("F32");
    await saveCheckpoint(file, new Map([["narrow", tensors.narrow]]), { type: "BF16" });
    expect((await openCheckpoint(file)).tensors.get("narrow")!.type).toBe("BF16");
  });

  test("leaves the old file, and nothing else, when it fails", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "a.safetensors");
    await saveCheckpoint(file, weights(1));
    const before = await readFile(file);
    await expect(saveCheckpoint(file, weights(1e9), { type: "F16" })).rejects.toThrow(
      'Cannot store tensor "left" as F16: expected numbers up to ±65504, found 1000000000 at position 0',
    );
    await mkdir(join(folder, "b.safetensors"));
    await writeFile(join(folder, "b.safetensors", "full"), "");
    const onFolder = saveCheckpoint(join(folder, "b.safetensors"), weights(2));
    await expect(onFolder).rejects.toThrow(CheckpointError);
    await expect(onFolder).rejects.toThrow(/^Cannot write .*b\.safetensors: /);
    await expect(saveCheckpoint(join(folder, "none", "c"), weights(2))).rejects.toThrow(
      /^Cannot write .*c: /,
    );
    expect(await readFile(file)).toEqual(before);
    expect((await readdir(folder)).sort()).toEqual(["a.safetensors", "b.safetensors"]);
  });

  test("readers find one whole version at any moment", async () => {
    const file = join(await temporaryFolder(), "a.safetensors");
    await saveCheckpoint(file, weights(0));
    let saving = true;
    const saves = (async () => {
      for (let i = 1; i <= 20; i++) {
        await Promise.all([saveCheckpoint(file, weights(i)), saveCheckpoint(file, weights(i))]);
      }
      saving = false;
    })();
    while (saving) expect((await openCheckpoint(file)).tensors.size).toBe(3);
    await saves;
    expect(tensorOf((await openCheckpoint(file)).tensors.get("left")!).data[0]).toBe(20);
  });
});

describe("a file that changes while it is open", () => {
  test.for<[string, (file: string) => Promise<void>]>([
    ["grows", (file) => appendFile(file, "x")],
    ["is cut", (file) => writeFile(file, "x")],
    ["is touched", (file) => utimes(file, 1, 1)],
  ])("is refused when it %s", async ([, change]) => {
    const file = join(await temporaryFolder(), "a");
    await writeFile(file, "0123456789");
    const source = await fileSource(file, "a");
    expect(Buffer.from(await source.read(2, 3)).toString()).toBe("234");
    await change(file);
    await expect(source.read(0, 1)).rejects.toThrow(
      /^Cannot read a: expected 10 bytes as when it was opened, found (11|1|10) bytes, changed since$/,
    );
    await source.close();
  });

  test("a read past its end names both lengths", async () => {
    const file = join(await temporaryFolder(), "a");
    await writeFile(file, "0123");
    const source = await fileSource(file, "a");
    await expect(source.read(2, 3)).rejects.toThrow(
      "Cannot read a: expected at least 5 bytes, found 4",
    );
    await source.close();
  });

  test("a series refuses a file that was replaced after it was opened, others stay", async () => {
    const folder = await temporaryFolder();
    for (const step of [1, 2]) await saveCheckpoint(join(folder, `step_${step}.pt`), weights(step));
    const series = await openSeries(folder);
    await saveCheckpoint(join(folder, "step_1.pt"), weights(9));
    await expect(series.network(0)).rejects.toThrow(
      /step_1\.pt: expected \d+ bytes as when it was opened/,
    );
    expect(await series.network(1)).toHaveProperty("layers.length", 1);
  });
});

describe("openSeries", () => {
  test("finds checkpoints by name and by content, and says why others are left out", async () => {
    const folder = await temporaryFolder();
    for (const step of [10, 9]) {
      await saveCheckpoint(join(folder, `step_${step}.safetensors`), weights(step));
    }
    await mkdir(join(folder, "checkpoint-11"));
    await saveCheckpoint(join(folder, "checkpoint-11", "model.safetensors"), weights(11));
    await mkdir(join(folder, "checkpoint-12"));
    await mkdir(join(folder, "logs"));
    await saveCheckpoint(join(folder, "step_12"), weights(12));
    await writeFile(join(folder, "history.json"), "{}");
    await writeFile(join(folder, ".hidden.pt"), "");
    await symlink("gone", join(folder, "step_13.pt"));
    await symlink("step_12", join(folder, "step_14.pt"));
    execFileSync("mkfifo", [join(folder, "step_15.pt")]);
    const series = await openSeries(folder);
    expect(series.steps).toEqual([9, 10, 11, 12, 14]);
    expect(series.labels).toEqual(["step_9", "step_10", "checkpoint-11", "step_12", "step_14"]);
    expect(series.source).toBe(folder);
    const leftOut = series.describe().files.filter(({ state }) => state === "left out");
    expect(Object.fromEntries(leftOut.map(({ name, reason }) => [name, reason]))).toEqual({
      "history.json": "not a checkpoint, by its name and its first bytes",
      logs: "a folder without a step in its name",
      "step_13.pt": "a link to nothing, or removed meanwhile",
      "step_15.pt": "not a file",
    });
  });

  test("takes only what a pattern matches, in folders too", async () => {
    const folder = await temporaryFolder();
    for (const seed of [0, 1]) {
      await mkdir(join(folder, `seed_${seed}`));
      for (const step of [5, 6]) {
        await saveCheckpoint(join(folder, `seed_${seed}`, `step_${step}.pt`), weights(step));
      }
    }
    const one = await openSeries(folder, { pattern: "seed_?/step_5.*" });
    expect(one.sources).toEqual(["seed_0/step_5.pt", "seed_1/step_5.pt"]);
    expect(one.describe().files).toContainEqual({
      name: "seed_0/step_6.pt",
      state: "left out",
      bytes: expect.any(Number),
      reason: 'does not match "seed_?/step_5.*"',
    });
    const run = await openSeries(join(folder, "seed_1"), { pattern: "step_*.pt" });
    expect(run.steps).toEqual([5, 6]);
  });

  test("a half-written file is described, and hides none", async () => {
    const folder = await temporaryFolder();
    for (const step of [1, 2])
      await saveCheckpoint(join(folder, `${step}.safetensors`), weights(step));
    const whole = await readFile(join(folder, "1.safetensors"));
    await writeFile(join(folder, "3.safetensors"), whole.subarray(0, 40));
    const series = await openSeries(folder);
    expect(series.steps).toEqual([1, 2]);
    expect(series.describe().files[2]).toMatchObject({ name: "3.safetensors", state: "failed" });
    expect(series.describe().summary).toContain("1 file could not be used");
  });

  test("relative paths start at the current directory, once and for all", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "runs"));
    await saveCheckpoint(join(folder, "runs", "step_1.pt"), weights(1));
    chdir(folder);
    const series = await openSeries("runs");
    expect((await openCheckpoint("runs/step_1.pt")).source).toBe("runs/step_1.pt");
    process.chdir("/");
    expect(await series.network(0)).toHaveProperty("layers.length", 1);
    expect((await series.checkpoint(0)).source).toBe(join("runs", "step_1.pt"));
  });

  test("stops when asked to", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "a.pt"), "");
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(openSeries(folder, { signal })).rejects.toThrow("enough");
  });

  test("names what is not there", async () => {
    const folder = await temporaryFolder();
    chdir(folder);
    await writeFile("file", "");
    await mkdir("empty");
    await expect(openSeries("none")).rejects.toThrow(
      new CheckpointError("Cannot read none: expected a file or folder, found nothing there"),
    );
    await expect(openSeries("file")).rejects.toThrow(
      "Cannot read file: expected a folder, found a file",
    );
    await expect(openSeries("empty")).rejects.toThrow(
      "Cannot open empty: expected checkpoints, found none",
    );
    await expect(openSeries(" ")).rejects.toThrow(
      new CheckpointError('Cannot open a series: expected the path of a folder, found ""'),
    );
    await expect(openCheckpoint("none")).rejects.toThrow(
      "expected a file or folder, found nothing there",
    );
    await expect(openCheckpoint("empty")).rejects.toThrow(
      "Cannot read empty: expected a file, found a folder",
    );
    execFileSync("mkfifo", ["pipe"]);
    await expect(openCheckpoint("pipe")).rejects.toThrow(
      "Cannot read pipe: expected a file, found something else",
    );
  });

  test.skipIf(process.getuid?.() === 0)("names a file that may not be read", async () => {
    const folder = await temporaryFolder();
    await saveCheckpoint(join(folder, "step_1.pt"), weights(1));
    await chmod(join(folder, "step_1.pt"), 0);
    await expect(openSeries(folder)).rejects.toThrow("permission denied");
  });

  test("many openings leave no file open", async () => {
    const folder = await temporaryFolder();
    await saveCheckpoint(join(folder, "step_1.pt"), weights(1));
    await writeFile(join(folder, "step_2.pt"), "bad");
    await rename(join(folder, "step_2.pt"), join(folder, "step_3.pt"));
    const open = async () => (await readdir("/proc/self/fd").catch(() => [])).length;
    const before = await open();
    for (let i = 0; i < 20; i++) await (await openSeries(folder)).network(0);
    expect(await open()).toBeLessThanOrEqual(before);
  });
});
