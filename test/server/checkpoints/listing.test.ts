import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { listCheckpoints } from "../../../server/checkpoints/listing.ts";
import { temporaryFolder } from "../../support/folder.ts";

async function holding(files: Readonly<Record<string, number>>): Promise<string> {
  const root = await temporaryFolder();
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), new Uint8Array(bytes));
  }
  return root;
}

test("folders with files named as checkpoints are, their bytes and steps; what is named by a step belongs above", async () => {
  const root = await holding({
    "model.pt": 5,
    "README.md": 100,
    "runs/a/step_100.safetensors": 10,
    "runs/a/step_20.safetensors.gz": 7,
    "runs/b/checkpoint-1000/model.safetensors": 3,
    "runs/b/checkpoint-2000/model.safetensors": 4,
    "runs/b/checkpoint-2000/trainer.json": 4,
    "runs/.hidden/step_1.pt": 1,
    "node_modules/x/x.bin": 1,
  });
  expect(await listCheckpoints(root)).toEqual({
    folders: [
      { path: "", files: 1, bytes: 5 },
      { path: "runs/a", files: 2, bytes: 17, steps: [20, 100] },
      { path: "runs/b", files: 2, bytes: 7, steps: [1000, 2000] },
    ],
  });
});

test("a link out of the root is not followed, and what is too deep is said to be there", async () => {
  const outside = await holding({ "secret/step_1.pt": 1 });
  const root = await holding({ "a/b/c/d/e/f/g/h/i/step_1.pt": 1, "a/step_1.pt": 1 });
  await symlink(outside, join(root, "link"));
  await symlink(join(outside, "secret/step_1.pt"), join(root, "step_1.pt"));
  expect(await listCheckpoints(root)).toEqual({
    folders: [{ path: "a", files: 1, bytes: 1, steps: [1, 1] }],
    truncated: true,
  });
});

test("a listing stops when nobody waits any more", async () => {
  const root = await holding({ "a.pt": 1 });
  await expect(listCheckpoints(root, AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
});
