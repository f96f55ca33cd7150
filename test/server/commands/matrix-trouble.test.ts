import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { installation } from "../../../server/installation.ts";
import { startSimile } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { runCommand } from "../../support/run-command.ts";
import { threeCheckpoints, writeWeights } from "../../support/weight-files.ts";

test("what cannot be read or written is told before anything is computed", async () => {
  const folder = await threeCheckpoints();
  const a = join(folder, "step_5.safetensors");
  const out = join(folder, "m.csv");
  writeFileSync(out, "mine");
  mkdirSync(join(folder, "x.npz"));
  const broken = join(folder, "broken.pt");
  writeFileSync(broken, "broken");
  const gone = join(folder, "gone.pt");
  for (const [args, sentence] of [
    [[folder, "-o", out], `Cannot write ${out}: it exists already; --force replaces it`],
    [
      [folder, "-o", join(folder, "x.npz")],
      `Cannot write ${join(folder, "x.npz")}: it is a folder`,
    ],
    [
      [folder, "-o", join(gone, "m.csv")],
      `Cannot write ${join(gone, "m.csv")}: there is no folder ${gone}`,
    ],
    [[gone], `Cannot read ${gone}: expected a file or folder, found nothing there`],
    [[a, gone], `Cannot read ${gone}: expected a file or folder, found nothing there`],
    [[a, broken], `Cannot read ${broken}: expected a safetensors`],
    [
      [join(folder, "x.npz")],
      `Cannot open ${join(folder, "x.npz")}: expected checkpoints, found none`,
    ],
  ] as const) {
    const { status, output, errors } = await runCommand(["matrix", ...args]);
    expect(errors.slice(0, sentence.length)).toBe(sentence);
    expect({ status, output }).toEqual({ status: 1, output: "" });
  }
  expect(readFileSync(out, "utf8")).toBe("mine");
  expect((await runCommand(["matrix", folder, "-o", out, "--force"])).status).toBe(0);
  expect(readFileSync(out, "utf8")).toMatch(/^,step_5,/);
});

test("a full disk: a sentence, the old file as it was, nothing beside it", async () => {
  const folder = await threeCheckpoints();
  const out = join(folder, "m.npz");
  writeFileSync(out, "old");
  const { status, stderr } = spawnSync(
    "bash",
    // A limit on the size of a file fails a write as a full disk does.
    [
      "-c",
      `ulimit -f 1; trap '' XFSZ; exec "$@"`,
      "bash",
      process.execPath,
      join(installation, "dist", "cli.js"),
      "matrix",
      folder,
      "-o",
      out,
      "--force",
    ],
    { encoding: "utf8" },
  );
  expect(stderr).toMatch(/Cannot write .*m\.npz: EFBIG: file too large, write\n$/);
  expect(status).toBe(1);
  expect(readFileSync(out, "utf8")).toBe("old");
  expect(readdirSync(folder).filter((name) => !name.startsWith("step"))).toEqual(["m.npz"]);
});

test("who reads a part of the output ends it without a word", async () => {
  const folder = await threeCheckpoints();
  const files = Array.from({ length: 120 }, (_, i) =>
    join(folder, `step_${[5, 40, 300][i % 3]}.safetensors`),
  );
  const { stdout, stderr } = spawnSync(
    "bash",
    [
      "-c",
      '"$@" | head -c 1; echo " $PIPESTATUS"',
      "bash",
      process.execPath,
      join(installation, "dist", "cli.js"),
      "matrix",
      ...files,
      "--json",
      "--no-cache",
    ],
    { encoding: "utf8" },
  );
  expect({ stdout, stderr }).toEqual({ stdout: "{ 0\n", stderr: "Comparing 120 networks\n" });
});

test("Ctrl+C in the middle of a long product ends with 130", async () => {
  const folder = await temporaryFolder();
  const rows = (count: number, length: number) =>
    Array.from({ length: count }, (_, i) => Array.from({ length }, (_, j) => Math.sin(i + 7 * j)));
  const large = { left: rows(700, 700), right: rows(700, 700), down: rows(2, 700) };
  const file = await writeWeights(folder, "a.safetensors", large);
  // Plain loops: one pair takes seconds and turns no event loop.
  const { status } = await startSimile(
    ["matrix", file, file, file, file, "--engine", "reference"],
    (child) => {
      child.stderr!.once("data", () => setTimeout(() => child.kill("SIGINT"), 100));
    },
  );
  expect(status).toBe(130);
});

test("Ctrl+C ends with 130 and leaves no file", async () => {
  const folder = await temporaryFolder();
  const rows = (count: number, length: number) =>
    Array.from({ length: count }, (_, i) => Array.from({ length }, (_, j) => Math.sin(i + 7 * j)));
  for (let step = 0; step < 3; step++) {
    const large = { left: rows(256, 300), right: rows(256, 300), down: rows(40, 256) };
    await writeWeights(folder, `step_${step}.safetensors`, large);
  }
  const files = Array.from({ length: 400 }, (_, i) => join(folder, `step_${i % 3}.safetensors`));
  const out = join(folder, "m.npz");
  const { status, output, errors } = await startSimile(["matrix", ...files, "-o", out], (child) => {
    child.stderr!.once("data", () => child.kill("SIGINT"));
  });
  expect({ status, output, errors }).toEqual({
    status: 130,
    output: "",
    errors: "Comparing 400 networks\n",
  });
  expect(readdirSync(folder)).toHaveLength(3);
});

test.for<[string[], string | RegExp]>([
  [[], "Cannot compare: expected a folder or files of checkpoints, found none"],
  [
    ["run", "-o", "m.txt"],
    "Cannot write m.txt: expected a name that ends in .npz, .csv or .json, found .txt",
  ],
  [
    ["run", "-o", "matrix"],
    "Cannot write matrix: expected a name that ends in .npz, .csv or .json, found no such end",
  ],
  [
    ["run", "--memory", "much"],
    "Cannot use --memory much: expected bytes, at least 1048576, e.g. 512M or 4G",
  ],
  [
    ["run", "--memory", "1K"],
    "Cannot use --memory 1K: expected bytes, at least 1048576, e.g. 512M or 4G",
  ],
  [
    ["run", "--treads", "2"],
    /^Unknown flag --treads: expected one of --.*; did you mean --threads\?$/,
  ],
  [["a.pt", "--pattern", "*"], "Cannot use --pattern with files: expected one folder"],
  [
    ["server", "test"],
    "Cannot compare 2 paths: expected one folder or only files, found the folder server among them",
  ],
])("%o makes no sense: status 2, a sentence, the usage", async ([args, sentence]) => {
  const { status, output, errors } = await runCommand(["matrix", ...args]);
  expect(errors.split("\n")[0]).toEqual(
    typeof sentence === "string" ? sentence : expect.stringMatching(sentence),
  );
  expect({ status, output }).toEqual({ status: 2, output: "" });
  expect(errors).toContain("Usage: simile matrix DIR");
});
