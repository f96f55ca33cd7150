/** Gives the person a file, as a download. */
export function save(name: string, type: string, content: BlobPart): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  // The download has begun once the click's task is over; the bytes are then held by it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A name that every file system takes: "Tensor similarity" → "tensor-similarity". */
export function fileNameOf(name: string): string {
  const plain = name.toLowerCase().replace(/[^\p{Letter}\p{Number}]+/gu, "-");
  return plain.replace(/^-+|-+$/g, "").slice(0, 80) || "chart";
}
