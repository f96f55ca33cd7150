import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../support/folder.ts";
import { runCommand } from "../../support/run-command.ts";
import { product, type SmallWeights, square, writeWeights } from "../../support/weight-files.ts";

/** A network on the way from one to the other. */
function between(share: number): SmallWeights {
  return { left: [[1, share]], right: [[share, 1]], down: [[1]] };
}

async function run(): Promise<string> {
  const folder = await temporaryFolder();
  for (let i = 0; i < 6; i++) {
    await writeWeights(folder, `step_${100 * i}.safetensors`, between(i / 20));
  }
  return folder;
}

test("a run that is as it should be: status 0, and it says so", async () => {
  const folder = await run();
  const { status, output, errors } = await runCommand(["audit", folder]);
  expect({ status, errors }).toEqual({ status: 0, errors: "" });
  expect(output).toBe(
    `${folder}: 6 checkpoints, steps 0 to 500; read by the adapter "simile"; stored at every 100 steps\n\nNothing was found\n`,
  );
});

test("what is found: status 3, one line each, and as JSON with the files", async () => {
  const folder = await run();
  await writeWeights(folder, "step_600.safetensors", between(0.25), { step: "500" });
  await writeWeights(folder, "step_800.safetensors", { ...square, down: [[Number.NaN]] });
  writeFileSync(join(folder, "step_900.safetensors"), "broken");
  const { status, output } = await runCommand(["audit", folder]);
  expect(status).toBe(3);
  expect(output).toContain("5 findings");
  expect(output).toMatch(/^duplicate {3}step_500 and step_600 hold the same numbers$/m);
  expect(output).toMatch(/^missing {5}1 step is missing of a schedule of every 100 steps: 700$/m);
  expect(output).toMatch(
    /^not finite {2}1 number is not finite in step_800, the first NaN in "down"$/m,
  );
  expect(output).toMatch(/^unreadable {2}step_900\.safetensors cannot be used: /m);
  expect(output).toMatch(
    /^label {7}step_600 is of step 600 by its name and of step 500 by its contents$/m,
  );

  const json = await runCommand(["audit", folder, "--json", "--no-breaks"]);
  expect(json.status).toBe(3);
  const result = JSON.parse(json.output);
  expect(result).toMatchObject({
    folder,
    adapter: "simile",
    checkpoints: 8,
    schedule: "every 100 steps",
  });
  expect(result.findings).toHaveLength(5);
  expect(result.findings).toContainEqual({
    kind: "duplicate",
    checkpoints: [5, 6],
    files: ["step_500.safetensors", "step_600.safetensors"],
    message: "step_500 and step_600 hold the same numbers",
  });
});

test("networks are compared unless --no-breaks", async () => {
  const folder = await run();
  await writeWeights(folder, "step_300.safetensors", square);
  const { status, output } = await runCommand(["audit", folder]);
  expect(status).toBe(3);
  expect(output).toMatch(/^break {2}step_300 does not belong between step_200 and step_400: /m);
  expect((await runCommand(["audit", folder, "--no-breaks"])).status).toBe(0);
  expect((await runCommand(["audit", folder, "--metric", "frobenius"])).status).toBe(3);
});

test("a folder without an adapter is audited for what can be told without networks", async () => {
  const folder = await temporaryFolder();
  const parts = product as unknown as Record<string, SmallWeights["left"]>;
  const strange = { up: parts["left"], gate: parts["right"] } as unknown as SmallWeights;
  await writeWeights(folder, "step_1.safetensors", strange);
  await writeWeights(folder, "step_2.safetensors", strange);
  const { status, output } = await runCommand(["audit", folder]);
  expect(status).toBe(3);
  expect(output).toContain("no adapter fits");
  expect(output).toMatch(/^duplicate {2}step_1 and step_2 hold the same numbers$/m);
});

test("a folder that cannot be read: status 1, as a file in its place", async () => {
  const folder = await run();
  const gone = join(folder, "gone");
  const file = join(folder, "step_0.safetensors");
  for (const [path, sentence] of [
    [gone, `Cannot read ${gone}: expected a file or folder, found nothing there\n`],
    [file, `Cannot read ${file}: expected a folder, found a file\n`],
  ] as const) {
    expect(await runCommand(["audit", path])).toEqual({ status: 1, output: "", errors: sentence });
  }
});

test.for<[string[], string | RegExp]>([
  [[], "Cannot audit: expected DIR, found none"],
  [["a", "b"], 'Unexpected argument "b"'],
  [
    ["a", "--metric", "weight-cosine"],
    "Cannot audit by --metric weight-cosine: expected a metric of networks",
  ],
  [
    ["a", "--no-brakes"],
    /^Unknown flag --no-brakes: expected one of --.*; did you mean --no-breaks\?$/,
  ],
])("%o makes no sense: status 2, a sentence, the usage", async ([args, sentence]) => {
  const { status, output, errors } = await runCommand(["audit", ...args]);
  expect(errors.split("\n")[0]).toEqual(
    typeof sentence === "string" ? sentence : expect.stringMatching(sentence),
  );
  expect({ status, output }).toEqual({ status: 2, output: "" });
  expect(errors).toContain("Usage: simile audit DIR");
});
