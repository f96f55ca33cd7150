import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { SeriesNews } from "../../../src/protocol/index.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { writeWeights } from "../../support/weight-files.ts";
import { type Serving, serving } from "../support/serving.ts";

const between = (share: number) => ({ left: [[1, share]], right: [[share, 1]], down: [[1]] });

async function withRun(): Promise<Serving> {
  const served = await serving();
  const folder = join(served.root, "run");
  await mkdir(folder);
  for (let i = 0; i < 6; i++) {
    if (i !== 3) await writeWeights(folder, `step_${100 * i}.safetensors`, between(i / 20));
  }
  return served;
}

async function news(served: Serving, folder: string): Promise<readonly SeriesNews[]> {
  const answer = await served.get(`/api/series?folder=${encodeURIComponent(folder)}`);
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).trim().split("\n");
  return lines.map((line) => JSON.parse(line) as SeriesNews);
}

test("a series is described, then audited with progress, with what was found and where", async () => {
  const served = await withRun();
  await writeFile(
    join(served.root, "run/step_550.safetensors"),
    await readFile(join(served.root, "run/step_500.safetensors")),
  );
  const all = await news(served, "run");
  const reads = all.filter((one) => one.type === "progress" && one.reading);
  expect(reads[0]).toEqual({ type: "progress", done: 0, total: 6, reading: true });
  expect(reads.at(-1)).toEqual({ type: "progress", done: 6, total: 6, reading: true });
  expect(all.indexOf(reads.at(-1)!)).toBe(reads.length - 1);
  expect(all[reads.length]).toMatchObject({
    type: "series",
    series: {
      adapter: "simile",
      network: "2 → bilinear 1 → 1",
      tensors: [
        { name: "left", type: "F64", shape: [1, 2] },
        { name: "right", type: "F64", shape: [1, 2] },
        { name: "down", type: "F64", shape: [1, 1] },
      ],
    },
  });
  expect(all.filter(({ type }) => type === "progress").at(-1)).toMatchObject({ done: 6, total: 6 });
  const last = all.at(-1)!;
  if (last.type !== "audit") throw new Error(JSON.stringify(last));
  expect(last.findings.find(({ kind }) => kind === "duplicate")?.files).toEqual([
    "step_500.safetensors",
    "step_550.safetensors",
  ]);
});

test("a folder out of the root, a link out of it and none at all are refused, and say nothing of the machine", async () => {
  const served = await withRun();
  const outside = await temporaryFolder();
  await writeWeights(outside, "step_1.safetensors", between(0));
  await symlink(outside, join(served.root, "link"));
  await mkdir(join(served.root, "mixed"));
  await symlink(join(outside, "step_1.safetensors"), join(served.root, "mixed/step_1.safetensors"));
  const said: Readonly<Record<string, string>> = {
    link: "Cannot open link: it leads out of the served folder",
    mixed: "Cannot open mixed/step_1.safetensors: it leads out of the served folder",
    none: "Cannot open none: there is no such folder",
    "../x": 'Cannot open "../x": expected the path of a folder under the served one',
    "/etc": 'Cannot open "/etc": expected the path of a folder under the served one',
    "run/.x": 'Cannot open "run/.x": expected the path of a folder under the served one',
  };
  for (const [folder, message] of Object.entries(said)) {
    const answer = await served.get(`/api/series?folder=${encodeURIComponent(folder)}`);
    expect([answer.status, await answer.text()]).toEqual([409, `${message}\n`]);
  }
  await mkdir(join(served.root, "empty"));
  const [failed] = await news(served, "empty");
  expect(failed).toEqual({
    type: "failed",
    message: "Cannot open empty: expected checkpoints, found none",
  });
});

const upload = "00000000-0000-4000-8000-000000000000";

/** Sends a file in pieces; gives the last answer. */
async function send(
  served: Serving,
  path: string,
  bytes: Uint8Array,
  pieces = 2,
): Promise<{ status: number; text: string }> {
  const size = Math.ceil(bytes.length / pieces);
  let [status, text] = [0, ""];
  for (let offset = 0; offset < bytes.length; offset += size) {
    const query = new URLSearchParams({
      path,
      upload,
      offset: String(offset),
      total: String(bytes.length),
    });
    const answer = await fetch(`${served.origin}/api/checkpoints?${query}`, {
      method: "POST",
      headers: { cookie: served.cookie, origin: served.origin },
      body: bytes.slice(offset, offset + size) as Uint8Array<ArrayBuffer>,
    });
    [status, text] = [answer.status, await answer.text()];
    if (status !== 200) break;
  }
  return { status, text };
}

async function checkpoint(): Promise<Uint8Array> {
  return readFile(await writeWeights(await temporaryFolder(), "a.safetensors", between(0.5)));
}

test("a file sent in pieces is there under its name, byte for byte, and nothing else", async () => {
  const served = await serving();
  const bytes = await checkpoint();
  const { status, text } = await send(served, "deep/data/run/a.safetensors", bytes);
  expect([status, JSON.parse(text)]).toEqual([200, { received: bytes.length, done: true }]);
  const folder = join(served.root, "deep/data/run");
  expect(await readdir(folder)).toEqual(["a.safetensors"]);
  expect(Buffer.from(bytes).equals(await readFile(join(folder, "a.safetensors")))).toBe(true);
});

test("a file that is there stays as it is", async () => {
  const served = await serving({ files: { "data/a.safetensors": "mine" } });
  const { status, text } = await send(served, "data/a.safetensors", await checkpoint());
  expect([status, text]).toEqual([
    409,
    "Cannot keep data/a.safetensors: there is a file of this name, which stays as it is\n",
  ]);
  expect(await readFile(join(served.root, "data/a.safetensors"), "utf8")).toBe("mine");
  expect(await readdir(join(served.root, "data"))).toEqual(["a.safetensors"]);
});

test("what is no checkpoint by its content is not kept, and the reason says what it is", async () => {
  const served = await serving();
  const pickle = Uint8Array.from([
    0x80, 2, 0x63, 0x6f, 0x73, 10, 0x73, 0x79, 0x73, 10, 0x2e, 0, 0, 0, 0, 0,
  ]);
  const { status, text } = await send(served, "data/a.pt", pickle, 1);
  expect(status).toBe(409);
  expect(text).toContain("a Python pickle, which is a program");
  expect(text).not.toContain(served.root);
  expect(await readdir(join(served.root, "data"))).toEqual([]);
});

test("paths that lead out, other names and pieces that do not fit are refused", async () => {
  const served = await serving();
  const bytes = await checkpoint();
  await symlink(await temporaryFolder(), join(served.root, "link"));
  for (const [path, message] of [
    ["../a.pt", 'Cannot keep "../a.pt": expected the path of a file under the served folder'],
    ["link/a.pt", "Cannot open link: it leads out of the served folder"],
    ["link/deep/a.pt", "Cannot open link: it leads out of the served folder"],
    ["a.md", "Cannot keep a.md: expected a name that ends as a checkpoint's does"],
  ] as const) {
    const { status, text } = await send(served, path, bytes);
    expect([status, text.slice(0, message.length)]).toEqual([409, message]);
  }
  for (const [offset, total] of [
    ["5", "20"],
    ["-1", "20"],
    ["0", "2"],
    ["0", "x"],
  ] as const) {
    const query = new URLSearchParams({ path: "a.pt", upload, offset, total });
    const answer = await fetch(`${served.origin}/api/checkpoints?${query}`, {
      method: "POST",
      headers: { cookie: served.cookie, origin: served.origin },
      body: "12345",
    });
    expect([answer.status, await answer.text()]).toEqual([
      409,
      offset === "5"
        ? "Cannot keep a.pt: a piece of it was lost; send it again\n"
        : "Cannot keep a.pt: its pieces do not fit together\n",
    ]);
  }
});

test("an upload that is stopped leaves nothing behind", async () => {
  const served = await serving();
  const post = (query: Record<string, string>, body?: string) =>
    fetch(`${served.origin}/api/checkpoints?${new URLSearchParams(query)}`, {
      method: "POST",
      headers: { cookie: served.cookie, origin: served.origin },
      ...(body !== undefined && { body }),
    });
  const first = await post({ path: "data/a.pt", upload, offset: "0", total: "10" }, "12345");
  expect(await first.json()).toEqual({ received: 5, done: false });
  expect(await readdir(join(served.root, "data"))).toHaveLength(1);
  await post({ path: "data/a.pt", upload, stop: "" });
  expect(await readdir(join(served.root, "data"))).toEqual([]);
});

test("of many series that are asked for at once each has its answer, and one that is left ends", async () => {
  const served = await withRun();
  const gone = new AbortController();
  const left = fetch(`${served.origin}/api/series?folder=run`, {
    headers: { cookie: served.cookie },
    signal: gone.signal,
  }).then((answer) => answer.text());
  const others = Array.from({ length: 3 }, () => news(served, "run"));
  gone.abort();
  await expect(left).rejects.toThrow();
  for (const all of await Promise.all(others)) expect(all.at(-1)?.type).toBe("audit");
});
