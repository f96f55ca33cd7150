import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { readCheckpoint } from "../../../src/checkpoint/index.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { bases, mutant } from "./files.ts";

/** How many files; more by `FUZZ_FILES=1000000 npx vitest run … test/checkpoint/fuzz`. */
const count = Number(process.env["FUZZ_FILES"] ?? 20_000);
/** Which files; one of them again by `FUZZ_SEED=… FUZZ_FROM=… FUZZ_FILES=1`. */
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const from = Number(process.env["FUZZ_FROM"] ?? 0);

/** Milliseconds without a file done, after which reading hangs. */
const patience = 60_000;

test("what is mutated can be read before", async () => {
  for (const { name, bytes } of bases.filter(({ how }) => how === "nothing")) {
    const { tensors } = await readCheckpoint(bytes, name);
    expect(tensors.size).toBeGreaterThan(0);
  }
});

test("mutants are functions of seed and number", () => {
  expect(mutant(3, 17)).toEqual(mutant(3, 17));
  expect(mutant(3, 17)).not.toEqual(mutant(3, 18));
  expect(mutant(3, 17)).not.toEqual(mutant(4, 17));
});

interface Report {
  readonly read: number;
  readonly refused: number;
  readonly failures: readonly {
    readonly index: number;
    readonly name: string;
    readonly how: string;
    readonly fault: string;
  }[];
}

/**
 * Reads so many files from one on in a process of its own.
 *
 * @throws when the process does not survive it, or hangs
 */
async function reading(from: number, count: number): Promise<Report> {
  const folder = await temporaryFolder();
  const script = join(folder, "child.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("child.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: script,
  });
  const task = JSON.stringify({ seed, from, count, folder });
  const limits = ["--expose-gc", "--max-old-space-size=512", "--max-semi-space-size=8"];
  const child = spawn(process.execPath, [...limits, script, task], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let words = "";
  child.stderr.on("data", (chunk) => {
    words = (words + chunk).slice(-4000);
  });
  const place = async () => (await readFile(join(folder, "at"), "utf8").catch(() => "")).trim();
  let [last, since] = ["", Date.now()];
  let hung = false;
  const watch = setInterval(async () => {
    const at = await place();
    if (at !== last) [last, since] = [at, Date.now()];
    else if (Date.now() - since > patience) hung = child.kill("SIGKILL");
  }, 1000);
  const status = await new Promise((resolve) => child.on("close", resolve));
  clearInterval(watch);
  const index = Number(await place());
  if (status !== 0) {
    const { name, how } = mutant(seed, index);
    const fate = hung ? "hung" : `ended with status ${status}: ${words}`;
    throw new Error(`Reading file ${index} of seed ${seed} (${name}, ${how}) ${fate}`);
  }
  return JSON.parse(await readFile(join(folder, "report.json"), "utf8")) as Report;
}

/**
 * Each file is read to the last number in a process that must survive it: no crash, no code run, no
 * prototype changed, at most 100 MB and 5 s of processor for one, and every refusal a CheckpointError whose
 * sentence names the file.
 */
test(
  `${count} mutated files of seed ${seed} are read or refused`,
  async () => {
    const { read, refused, failures } = await reading(from, count);
    // What those before left behind is not a file's own: one at fault is so by itself too.
    const alone = [];
    for (const { index } of failures) alone.push(...(await reading(index, 1)).failures);
    expect(alone).toEqual([]);
    expect(read + refused).toBe(count);
    // Some changes change nothing that counts; most do.
    expect(refused).toBeGreaterThan(count / 2);
    if (count > 1000) expect(read).toBeGreaterThan(count / 50);
  },
  // A machine may have other things to do.
  Math.max(600_000, 30 * count),
);
