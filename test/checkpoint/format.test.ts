import { describe, expect, test } from "vitest";
import { readCheckpoint } from "../../src/checkpoint/index.ts";
import { none, pickle } from "../support/pickle-writer.ts";

describe("what is not a checkpoint is called what it is:", () => {
  test.for<[string, Uint8Array, string]>([
    [
      "torch before 1.6",
      Buffer.from("80028a0a6cfc9c46f9206aa850192e8002", "hex"),
      "a PyTorch file of the format before 1.6; save it again with torch.save(torch.load(file), file)",
    ],
    [
      "a pickle",
      Buffer.from(pickle(none)),
      "a Python pickle, which is a program; save the state dict with torch.save or safetensors",
    ],
    ["HDF5", Buffer.from("\x89HDF\r\n\x1a\n", "latin1"), "an HDF5 file"],
    ["GGUF", Buffer.from("GGUF\x03\0\0\0"), "a GGUF file"],
    ["gzip", Buffer.from([0x1f, 0x8b, 8]), "a gzip file; unpack it first"],
    [
      "a Git LFS pointer",
      Buffer.from("version https://git-lfs.github.com/spec/v1\n"),
      "a Git LFS pointer; fetch the file itself with git lfs pull",
    ],
    ["an empty zip", Buffer.from("PK\x05\x06".padEnd(22, "\0")), "an empty zip file"],
    ["text", Buffer.from("hello"), "bytes that begin 68 65 6c 6c 6f"],
    ["nothing", new Uint8Array(0), "an empty file"],
  ])("%s", async ([, bytes, what]) => {
    await expect(readCheckpoint(bytes, "x")).rejects.toThrow(
      `Cannot read x: expected a safetensors, PyTorch, .npy or .npz file, found ${what}`,
    );
  });
});
