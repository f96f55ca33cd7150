import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CheckpointError,
  indexCheckpoint,
  readCheckpoint,
  tensorOf,
} from "../../../src/checkpoint/index.ts";
import { opcode } from "../../../src/checkpoint/pickle/opcode.ts";
import { dict, int, join, none, op, pickle } from "../../support/pickle-writer.ts";
import { read, six, whole } from "../../support/torch-state.ts";
import { torchFile, torchZip } from "../../support/torch-writer.ts";

test("a state dict is its tensors", async () => {
  const bytes = torchFile({
    "embed.weight": { shape: [2, 2], values: [1, 2, 3, -4] },
    "embed.bias": { shape: [1], values: [0.5] },
  });
  const index = await indexCheckpoint(bytes, "step_5.pt");
  expect(index).toMatchObject({
    format: "torch",
    source: "step_5.pt",
    step: 5,
    metadata: {},
    ignored: [],
  });
  expect([...index.tensors]).toEqual([
    ["embed.weight", { type: "F32", shape: [2, 2] }],
    ["embed.bias", { type: "F32", shape: [1] }],
  ]);
  expect([...tensorOf(await index.read("embed.weight")).data]).toEqual([1, 2, 3, -4]);
});

test("its attributes, as of a module's state dict, are no tensors", async () => {
  const root = join(
    dict({ w: whole }),
    dict({ _metadata: dict({ "": dict({ version: int(1) }) }) }),
    op(opcode.BUILD),
  );
  expect((await read(root)).tensors).toEqual({ w: { shape: [2, 3], values: [0, 1, 2, 3, 4, 5] } });
});

describe("an archive of something else is refused:", () => {
  test("a TorchScript program", async () => {
    const bytes = torchZip(
      pickle(dict({})),
      {},
      { more: [{ name: "run/constants.pkl", bytes: new Uint8Array(0) }] },
    );
    await expect(readCheckpoint(bytes, "x")).rejects.toThrow(
      "Cannot read x: expected a state dict, found a TorchScript program; save model.state_dict()",
    );
  });

  test("a zip of other things", async () => {
    const bytes = torchZip(pickle(none), {}, { byteorder: "" });
    const text = Buffer.from(bytes).toString("latin1").replaceAll("data.pkl", "data.xyz");
    await expect(readCheckpoint(Buffer.from(text, "latin1"), "x")).rejects.toThrow(
      "Cannot read x: expected a zip with data.pkl (PyTorch) or .npy files (NumPy), found run/data.xyz, run/byteorder, run/version",
    );
  });

  test("a description larger than any model's", async () => {
    const root = join(
      dict({ w: whole }),
      op(opcode.BINBYTES),
      Buffer.from([0, 0, 0, 5]),
      Buffer.alloc(5 << 24),
      op(opcode.POP),
    );
    await expect(readCheckpoint(torchZip(pickle(root), six), "x")).rejects.toThrow(
      "Cannot read x: expected data.pkl of at most 67108864 bytes, found 83886",
    );
  });
});

test("cut off anywhere, a file gives an error", async () => {
  const bytes = torchFile({ a: { shape: [2], values: [1, 2] }, b: { shape: [1, 1], values: [3] } });
  for (let length = 0; length < bytes.length; length++) {
    await expect(readCheckpoint(bytes.slice(0, length))).rejects.toBeInstanceOf(CheckpointError);
  }
});

test("with a byte changed, a file gives an error or the same numbers", async () => {
  const bytes = torchFile({ a: { shape: [2], values: [1, 2] }, b: { shape: [1, 1], values: [3] } });
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: bytes.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, by) => {
        const changed = bytes.slice();
        changed[at]! ^= by;
        const found = await readCheckpoint(changed).catch((error: unknown) => {
          expect(error).toBeInstanceOf(CheckpointError);
        });
        const values = [...(found?.tensors.values() ?? [])].map((stored) => [
          ...tensorOf(stored).data,
        ]);
        if (found !== undefined) expect(values).toEqual([[1, 2], [3]]);
      },
    ),
    { numRuns: 500 },
  );
});
