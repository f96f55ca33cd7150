import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { unpackedSource } from "../../../src/checkpoint/files/gzip.ts";
import { openCheckpoint, openSeries, saveCheckpoint } from "../../../src/checkpoint/files/index.ts";
import { bytesSource, tensorOf } from "../../../src/checkpoint/index.ts";
import { type Matrix, matrix } from "../../../src/tensor/index.ts";
import { temporaryFolder } from "../../support/folder.ts";

const weights = (value: number): Record<string, Matrix> => ({
  left: matrix(1, 1, [value]),
  right: matrix(1, 1, [1]),
  down: matrix(1, 1, [1]),
});

test("a name that ends in .gz is packed: any gunzip finds the checkpoint, and so does openCheckpoint", async () => {
  const folder = await temporaryFolder();
  const [plain, packed] = ["a_3.safetensors", "b_3.safetensors.gz"].map((name) =>
    join(folder, name),
  );
  await saveCheckpoint(plain!, weights(0.1), { metadata: { seed: "1" } });
  await saveCheckpoint(packed!, weights(0.1), { metadata: { seed: "1" } });
  expect(gunzipSync(await readFile(packed!))).toEqual(await readFile(plain!));
  const { tensors, metadata, step } = await openCheckpoint(packed!);
  expect({ tensors, metadata, step }).toEqual({
    tensors: (await openCheckpoint(plain!)).tensors,
    metadata: { seed: "1" },
    step: 3,
  });
});

test("what is packed is told by its content, whatever its name", async () => {
  const file = join(await temporaryFolder(), "step_1.safetensors");
  await saveCheckpoint(file, weights(2));
  await writeFile(file, gzipSync(await readFile(file)));
  expect(tensorOf((await openCheckpoint(file)).tensors.get("left")!).data[0]).toBe(2);
});

test("a folder of packed checkpoints is a series; the unpacked one of two is taken", async () => {
  const folder = await temporaryFolder();
  for (const step of [10, 2]) {
    await saveCheckpoint(join(folder, `step-${step}.safetensors.gz`), weights(step));
  }
  await saveCheckpoint(join(folder, "step-10.safetensors"), weights(7));
  const series = await openSeries(folder);
  expect(series.steps).toEqual([2, 10]);
  const left = async (index: number): Promise<unknown> =>
    (await series.network(index)).layers[0] as unknown;
  expect(await left(0)).toMatchObject({ left: { data: Float64Array.of(2) } });
  expect(await left(1)).toMatchObject({ left: { data: Float64Array.of(7) } });
});

test("a packed file that ends early or is damaged is refused", async () => {
  const file = join(await temporaryFolder(), "step_1.safetensors.gz");
  await saveCheckpoint(file, weights(1));
  const whole = await readFile(file);
  await writeFile(file, whole.subarray(0, whole.length - 9));
  await expect(openCheckpoint(file)).rejects.toThrow(
    `Cannot read ${file}: expected a whole gzip file, found unexpected end of file`,
  );
  const damaged = Uint8Array.from(whole);
  damaged[whole.length - 6]! ^= 1;
  await writeFile(file, damaged);
  await expect(openCheckpoint(file)).rejects.toThrow(
    `Cannot read ${file}: expected a whole gzip file, found incorrect data check`,
  );
  await writeFile(file, Uint8Array.of(0x1f, 0x8b));
  await expect(openCheckpoint(file)).rejects.toThrow(
    `Cannot read ${file}: expected a whole gzip file, found unexpected end of file`,
  );
});

test("a few bytes that unpack to too many are refused before they are there", async () => {
  const bomb = bytesSource(gzipSync(new Uint8Array(1 << 20)), "bomb.gz");
  expect(bomb.size).toBeLessThan(2000);
  await expect(unpackedSource(bomb, 4096)).rejects.toThrow(
    "Cannot read bomb.gz: expected at most 4096 bytes when unpacked, found more",
  );
  const large = bytesSource(gzipSync(new Uint8Array(2 ** 25 + 1)), "large.gz");
  await expect(unpackedSource(large)).rejects.toThrow(
    "Cannot read large.gz: expected at most 33554432 bytes when unpacked, found more",
  );
});
