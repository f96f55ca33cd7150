/** The container that the first 16 bytes of a file are of: the name says nothing. */
export function formatOf(start: Uint8Array): "safetensors" | "zip" | "npy" | undefined {
  if (begins(start, "PK\x03\x04")) return "zip";
  if (begins(start, "\x93NUMPY")) return "npy";
  return start[8] === 0x7b ? "safetensors" : undefined;
}

/** What people often have instead of a readable checkpoint, and what they can do. */
const foreigners: readonly (readonly [start: string, what: string])[] = [
  [
    "\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.",
    "a PyTorch file of the format before 1.6; save it again with torch.save(torch.load(file), file)",
  ],
  ["PYTORCH1", "a PyTorch file of a preview format; save it again with torch.save"],
  [
    "\x80",
    "a Python pickle, which is a program; save the state dict with torch.save or safetensors",
  ],
  ["\x89HDF\r\n", "an HDF5 file; save the weights as safetensors or .npz"],
  ["GGUF", "a GGUF file; save the weights as safetensors"],
  ["PK\x05\x06", "an empty zip file"],
  ["\x1f\x8b", "a gzip file; unpack it first"],
  ["version https://g", "a Git LFS pointer; fetch the file itself with git lfs pull"],
];

/** What a file is that is none of the formats, from its first 16 bytes. */
export function foreign(start: Uint8Array): string {
  if (start.length === 0) return "an empty file";
  const known = foreigners.find(([bytes]) => begins(start, bytes))?.[1];
  const hex = Array.from(start.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0"));
  return known ?? `bytes that begin ${hex.join(" ")}`;
}

function begins(start: Uint8Array, bytes: string): boolean {
  const length = Math.min(bytes.length, 16);
  if (start.length < length) return false;
  for (let i = 0; i < length; i++) if (start[i] !== bytes.charCodeAt(i)) return false;
  return true;
}
