import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openAdapter, openSeries, saveCheckpoint } from "../../../src/checkpoint/files/index.ts";
import { CheckpointError } from "../../../src/checkpoint/index.ts";
import { AdapterError, adapterNamed, type Settings } from "../../../src/model/index.ts";
import { type Matrix, matrix } from "../../../src/tensor/index.ts";
import { temporaryFolder } from "../../support/folder.ts";

const square = (value: number): Matrix => matrix(2, 2, [value, 0, 0, value]);
const names = ["embed", "layers.0.q", "layers.0.k", "layers.0.v", "layers.0.o", "head"];
const tensors = Object.fromEntries(names.map((name, i) => [name, square(i + 1)]));

const settings: Settings = {
  heads: 1,
  nContext: 3,
  mask: "causal",
  rotaryBase: "none",
  residual: 1,
  gain: 2,
};
const mine = { name: "mine", like: "quadratic-transformer", settings };
/** Reads the same tensors the other way round. */
const backwards = {
  name: "backwards",
  ignore: ["layers.*"],
  layers: [
    { kind: "linear", weight: "head" },
    { kind: "linear", weight: "embed" },
  ],
};

async function folderOf(metadata: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await temporaryFolder();
  await saveCheckpoint(join(folder, "step_1.safetensors"), tensors, { metadata });
  return folder;
}

describe("openSeries reads by", () => {
  test("the adapter that simile.json in the folder describes", async () => {
    const folder = await folderOf();
    await writeFile(join(folder, "simile.json"), JSON.stringify(mine));
    const series = await openSeries(folder);
    expect(series.describe()).toMatchObject({
      adapter: "mine",
      files: [
        { name: "step_1.safetensors", state: "read" },
        {
          name: "simile.json",
          state: "left out",
          reason: "not a checkpoint but an adapter, by its name",
        },
      ],
      settings: expect.arrayContaining([{ setting: "gain", value: 2, from: "adapter" }]),
    });
    expect(await series.network(0)).toMatchObject({ nContext: 3, layers: [{}, { gain: 2 }, {}] });
  });

  test("the adapter of the call before that of the folder: a path, a name, a description", async () => {
    const folder = await folderOf();
    await writeFile(join(folder, "simile.json"), JSON.stringify(mine));
    const file = join(await temporaryFolder(), "other.JSON");
    await writeFile(file, JSON.stringify(backwards));
    const layers = async (adapter: Parameters<typeof openSeries>[1]): Promise<number> =>
      (await (await openSeries(folder, adapter)).network(0)).layers.length;
    expect(await layers({ adapter: file })).toBe(2);
    expect(await layers({ adapter: { ...mine, settings: { ...settings, gain: 3 } } })).toBe(3);
    expect(await layers({ adapter: "quadratic-transformer", settings })).toBe(3);
    expect(await layers({ adapter: adapterNamed("quadratic-transformer"), settings })).toBe(3);
  });

  test("settings of the call, then of the adapter, then of the file", async () => {
    const folder = await folderOf({ gain: "7", heads: "2", n_ctx: "5" });
    const { gain: _, nContext: __, ...rest } = settings;
    const series = await openSeries(folder, {
      adapter: { ...mine, settings: rest },
      settings: { heads: 1, nContext: 2 },
    });
    expect(await series.network(0)).toMatchObject({ nContext: 2, layers: [{}, { gain: 7 }, {}] });
    expect(series.describe().settings).toContainEqual({
      setting: "gain",
      value: 7,
      from: "checkpoint",
    });
  });
});

test("a file read with other settings, or by another adapter, is another network", async () => {
  const folder = await folderOf();
  // Of a file just written the state cannot be told.
  await utimes(join(folder, "step_1.safetensors"), 1000, 1000);
  const found = await Promise.all(
    [
      { settings },
      { settings: { ...settings, rotaryBase: 10 } },
      { settings: { ...settings, nContext: 4 } },
      { adapter: mine },
      { adapter: { ...mine, settings: { ...settings, residual: 0 } } },
    ].map(async (options) => (await openSeries(folder, options)).identity(0)),
  );
  expect(new Set(found).size).toBe(5);
  expect(found).not.toContain(undefined);
  expect((await openSeries(folder, { settings })).identity(0)).toBe(found[0]);
});

describe("openSeries refuses", () => {
  test("a description that is none, with file and place", async () => {
    const folder = await folderOf();
    const file = join(folder, "simile.json");
    await writeFile(file, JSON.stringify({ name: "a", layers: [{ kind: "linear" }] }));
    await expect(openSeries(folder)).rejects.toThrow(
      `Cannot use adapter: ${file}: layers[0].weight: expected a value for linear, found none`,
    );
    await writeFile(file, "{");
    await expect(openSeries(folder)).rejects.toThrow(
      `Cannot use adapter: ${file}: the text: expected JSON, found `,
    );
    await writeFile(file, "x".repeat(1_000_001));
    await expect(openSeries(folder)).rejects.toThrow(
      `Cannot use adapter: ${file}: expected at most 1000000 bytes, found 1000001`,
    );
    await expect(openAdapter(file)).rejects.toThrow(AdapterError);
  });

  test("a file that is not there, a name of none, an object that is none", async () => {
    const folder = await folderOf();
    const missing = join(folder, "none.json");
    const open = (adapter: unknown) => openSeries(folder, { adapter: adapter as string });
    await expect(open(missing)).rejects.toThrow(CheckpointError);
    await expect(open(missing)).rejects.toThrow(
      `Cannot read ${missing}: expected a file or folder, found nothing there`,
    );
    await expect(open("gpt")).rejects.toThrow('Cannot use adapter: expected one of "simile", ');
    await expect(open({ name: "a" })).rejects.toThrow(
      "Cannot use adapter: layers: expected a value for adapter, found none",
    );
    await mkdir(join(folder, "folder.json"));
    await expect(open(join(folder, "folder.json"))).rejects.toThrow(
      /^Cannot read .*folder\.json: expected a file, found a folder$/,
    );
  });

  test("an adapter whose settings nobody gives", async () => {
    await expect(
      openSeries(await folderOf(), { adapter: "quadratic-transformer" }),
    ).rejects.toThrow(
      'adapter "quadratic-transformer" has its tensors and needs settings, which tensors do not hold: heads (number of heads), ',
    );
  });

  test("settings that are none, before it looks at a file", async () => {
    await expect(openSeries("nowhere", { settings: { head: 2 } as Settings })).rejects.toThrow(
      "Cannot use settings: expected some of heads, ",
    );
  });

  test("settings that the adapter of the folder does not take", async () => {
    const folder = await folderOf();
    await writeFile(join(folder, "simile.json"), JSON.stringify(backwards));
    await expect(openSeries(folder, { settings: { heads: 2 } })).rejects.toThrow(
      'adapter "backwards" does not fit: takes no setting heads',
    );
  });
});
