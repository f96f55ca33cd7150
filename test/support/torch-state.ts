import { expect } from "vitest";
import { CheckpointError, readCheckpoint, tensorOf } from "../../src/checkpoint/index.ts";
import { type Piece, pickle } from "./pickle-writer.ts";
import { floats, storage, tensor, torchZip } from "./torch-writer.ts";

/** Storage "0" of six float32 numbers 0 to 5. */
export const six = { "0": floats(0, 1, 2, 3, 4, 5) };

/** All of them, in two rows. */
export const whole = tensor(storage("0", 6), { shape: [2, 3] });

/** The checkpoint that `root` is, each tensor with its numbers as a list. */
export async function read(root: Piece, storages: Record<string, Uint8Array> = six, protocol = 2) {
  const checkpoint = await readCheckpoint(torchZip(pickle(root, protocol), storages), "run.pt");
  const tensors = [...checkpoint.tensors].map(([name, stored]) => {
    const { shape, data } = tensorOf(stored, name);
    return [name, { shape, values: [...data] }];
  });
  return { ...checkpoint, tensors: Object.fromEntries(tensors) as unknown };
}

/** Reading `root`, over storage "0", is refused with a message that contains `message`. */
export async function expectRefused(root: Piece, message: string): Promise<void> {
  const reading = readCheckpoint(torchZip(pickle(root), six), "x");
  await expect(reading).rejects.toBeInstanceOf(CheckpointError);
  await expect(reading).rejects.toThrow(message);
}
