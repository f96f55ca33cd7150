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

test("what is beyond the bounds is not looked at, and it says so", async () => {
  const root = await holding({ "a/1.pt": 1, "a/2.pt": 1, "b/1.pt": 1, "c/d/1.pt": 1 });
  const all = { folders: 5, files: 4, found: 3, depth: 2 };
  const listed = async (bounds: Partial<typeof all>) => {
    const { folders, truncated } = await listCheckpoints(root, undefined, { ...all, ...bounds });
    return [folders.map(({ path, files }) => `${path} ${files}`).join(), truncated];
  };
  expect(await listed({})).toEqual(["a 2,b 1,c/d 1", undefined]);
  expect(await listed({ folders: 4 })).toEqual(["a 2,b 1", true]);
  expect(await listed({ files: 3 })).toEqual(["a 2,b 1", true]);
  expect(await listed({ files: 1 })).toEqual(["a 1", true]);
  expect(await listed({ found: 2 })).toEqual(["a 2,b 1", true]);
  expect(await listed({ depth: 1 })).toEqual(["a 2,b 1", true]);
});

test("a file that is in a folder of a step at the root belongs to the root", async () => {
  const root = await holding({ "step_7/model.pt": 2, "step_9/model.pt": 2 });
  expect((await listCheckpoints(root)).folders).toEqual([
    { path: "", files: 2, bytes: 4, steps: [7, 9] },
  ]);
});
