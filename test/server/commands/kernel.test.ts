import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { kernelFolder, knownFolders } from "../../../server/jupyter/kernel-folders.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { runCommand } from "../../support/run-command.ts";

test("a kernel is installed, listed, installed again, and uninstalled", async () => {
  const prefix = await temporaryFolder();
  const folder = join(prefix, "share", "jupyter", "kernels", "simile");
  const installed = await runCommand(["kernel", "install", "--prefix", prefix]);
  expect(installed).toMatchObject({
    status: 0,
    output: `Installed kernel "simile" in ${folder}\n`,
  });
  const spec = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
  expect(spec).toMatchObject({
    display_name: "TypeScript (Simile)",
    language: "typescript",
    interrupt_mode: "message",
  });
  expect(spec.argv).toEqual([
    process.execPath,
    expect.stringMatching(/dist.jupyter\.js$/),
    "{connection_file}",
  ]);
  expect(existsSync(spec.argv[1])).toBe(true);
  expect(existsSync(join(folder, "logo-svg.svg"))).toBe(true);
  expect(existsSync(join(folder, "logo-64x64.png"))).toBe(true);

  vi.stubEnv("JUPYTER_PATH", join(prefix, "share", "jupyter"));
  const { output } = await runCommand(["kernel", "list", "--json"]);
  expect(JSON.parse(output)).toContainEqual({
    name: "simile",
    folder,
    version: expect.any(String),
  });
  vi.unstubAllEnvs();

  expect((await runCommand(["kernel", "install", "--prefix", prefix])).status).toBe(0);
  expect((await runCommand(["kernel", "uninstall", "--prefix", prefix])).status).toBe(0);
  expect(existsSync(folder)).toBe(false);
  expect(await runCommand(["kernel", "uninstall", "--prefix", prefix])).toMatchObject({
    status: 1,
    errors: expect.stringContaining('Cannot uninstall kernel "simile"'),
  });
});

test("another program's kernel is neither overwritten nor removed", async () => {
  const prefix = await temporaryFolder();
  const folder = join(prefix, "share", "jupyter", "kernels", "deno");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "kernel.json"), '{"argv": ["deno"]}');
  for (const act of ["install", "uninstall"]) {
    const { status, errors } = await runCommand([
      "kernel",
      act,
      "--prefix",
      prefix,
      "--name",
      "deno",
    ]);
    expect(status).toBe(1);
    expect(errors).toContain(`Cannot ${act} kernel "deno"`);
  }
  expect(readFileSync(join(folder, "kernel.json"), "utf8")).toBe('{"argv": ["deno"]}');
});

test.for<[args: readonly string[], sentence: string]>([
  [[], "Cannot do nothing with the kernel: expected install, uninstall, list or start"],
  [["begin"], "Cannot do begin with the kernel"],
  [["install", "--name", "a b"], "Cannot use --name a b: expected letters"],
  [["install", "--user", "--sys-prefix"], "Cannot use --user, --prefix and --sys-prefix together"],
])("%j makes no sense", async ([args, sentence]) => {
  const { status, errors } = await runCommand(["kernel", ...args]);
  expect(status).toBe(2);
  expect(errors).toContain(sentence);
});

test("the folders are those of Jupyter, by system", () => {
  const home = { HOME: "/home/ada" };
  expect(kernelFolder({ kind: "user" }, home, "linux")).toBe(
    "/home/ada/.local/share/jupyter/kernels",
  );
  expect(kernelFolder({ kind: "user" }, home, "darwin")).toBe("/home/ada/Library/Jupyter/kernels");
  expect(kernelFolder({ kind: "user" }, { JUPYTER_DATA_DIR: "/d" }, "linux")).toBe("/d/kernels");
  expect(kernelFolder({ kind: "python" }, { VIRTUAL_ENV: "/v" }, "linux")).toBe(
    "/v/share/jupyter/kernels",
  );
  expect(() => kernelFolder({ kind: "python" }, {}, "linux")).toThrow(
    "Cannot find the Python environment: expected VIRTUAL_ENV or CONDA_PREFIX to be set, found neither",
  );
  expect(
    knownFolders({ HOME: "/nowhere/at/all", JUPYTER_PATH: "/nor/here" }, "darwin"),
  ).not.toContain("/nor/here/kernels");
});

test("a portable kernel names the command alone", async () => {
  const prefix = await temporaryFolder();
  await runCommand(["kernel", "install", "--prefix", prefix, "--portable"]);
  const file = join(prefix, "share", "jupyter", "kernels", "simile", "kernel.json");
  const { argv } = JSON.parse(readFileSync(file, "utf8"));
  expect(argv).toEqual(["simile", "kernel", "start", "{connection_file}"]);
});

test("a kernel whose installation has moved is listed as broken", async () => {
  const prefix = await temporaryFolder();
  await runCommand(["kernel", "install", "--prefix", prefix]);
  const file = join(prefix, "share", "jupyter", "kernels", "simile", "kernel.json");
  const spec = JSON.parse(readFileSync(file, "utf8"));
  const gone = join(prefix, "gone", "jupyter.js");
  writeFileSync(file, JSON.stringify({ ...spec, argv: [spec.argv[0], gone] }));
  const listed = { SIMILE_CACHE: "", JUPYTER_PATH: join(prefix, "share", "jupyter") };
  expect((await runCommand(["kernel", "list"], listed)).output).toContain(
    `broken: there is no ${gone}; install it again`,
  );
});

test("start takes one file, and an address of this machine", async () => {
  expect(await runCommand(["kernel", "install", "a.json"])).toMatchObject({
    status: 2,
    errors: expect.stringContaining('Unexpected argument "a.json"'),
  });
  expect(await runCommand(["kernel", "start", "--ip", "192.0.2.1"])).toMatchObject({
    status: 1,
    errors: expect.stringContaining("Cannot use --ip 192.0.2.1: "),
  });
});
