import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installation } from "../../server/installation.ts";
import { JupyterClient } from "../support/jupyter-client.ts";
import { type Consumer, installPacked } from "../support/packed.ts";
import { product, square, writeWeights } from "../support/weight-files.ts";

let consumer: Consumer;
beforeAll(async () => {
  consumer = installPacked();
  writeFileSync(join(consumer.folder, "package.json"), '{"type": "module"}');
  await writeWeights(consumer.folder, "a.safetensors", product);
  await writeWeights(consumer.folder, "b.safetensors", square);
});
afterAll(() => rmSync(consumer.folder, { recursive: true, force: true }));

/** Runs Node in the consumer's folder, without anything of the test run's own environment. */
function node(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, args, {
    cwd: consumer.folder,
    encoding: "utf8",
    env: { PATH: process.env["PATH"] },
  });
}

const simile = join("node_modules", ".bin", "simile");

test("the tarball holds what is needed and nothing else", () => {
  const allowed = [
    /^(package\.json|README\.md|LICENSE)$/,
    /^dist\/[\w.-]+\.js$/,
    /^dist\/typescript\.cjs$/,
    /^dist\/client\//,
    /^dist\/types\/[\w./-]+\.d\.ts$/,
    /^server\/bootstrap\/(simile|node-version)\.mjs$/,
    /^server\/shipped-workbooks\.json$/,
    /^workbooks\/([\w-]+\.md|data\/)/,
  ];
  expect(consumer.files.filter((path) => !allowed.some((shape) => shape.test(path)))).toEqual([]);
  expect(consumer.files.filter((path) => /\.map$/.test(path))).toEqual([]);
  for (const shape of allowed) {
    expect(
      consumer.files.some((path) => shape.test(path)),
      `${shape}`,
    ).toBe(true);
  }
});

test("the command runs from it, and neither installs nor builds", () => {
  const help = node(simile, "--help");
  expect(help).toMatchObject({ status: 0, stderr: "" });
  expect(help.stdout).toMatch(/^ {2}similarity +compare two checkpoints/m);
  const { status, stdout, stderr } = node(simile, "similarity", "a.safetensors", "b.safetensors");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^0\.707106781187\n/);
});

test("npx finds it", () => {
  const { status, stdout } = spawnSync(
    "npx",
    ["--offline", "--no-install", "simile", "--version"],
    {
      cwd: consumer.folder,
      encoding: "utf8",
    },
  );
  const { version } = JSON.parse(readFileSync(join(installation, "package.json"), "utf8"));
  expect({ status, version: stdout.trim() }).toEqual({ status: 0, version });
});

test("the server starts from it and serves a workbook that came with it", async () => {
  const args = [simile, "serve", "--no-open", "--port", "0"];
  const child = spawn(process.execPath, args, {
    cwd: consumer.folder,
    env: { PATH: process.env["PATH"], SIMILE_STATE: join(consumer.folder, "state") },
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    let output = "";
    for await (const chunk of child.stdout) {
      output += chunk;
      if (/token=\S+/.test(output)) break;
    }
    const entered = await fetch(/http:\S+/.exec(output)![0], { redirect: "manual" });
    const cookie = entered.headers.get("set-cookie")!.split(";")[0]!;
    const page = await fetch(new URL("/w/grokking.md", entered.url), { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('src="/');
  } finally {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  }
});

test("the library is imported by its name", () => {
  writeFileSync(
    join(consumer.folder, "script.mjs"),
    `import { openCheckpoint, networkFrom, similarity, weightsOf } from "simile";
const [a, b] = await Promise.all(["a.safetensors", "b.safetensors"].map(openCheckpoint));
const { value } = await similarity(networkFrom(weightsOf(a)), networkFrom(weightsOf(b)));
console.log(value.toFixed(12));`,
  );
  expect(node("script.mjs")).toMatchObject({ status: 0, stdout: "0.707106781187\n", stderr: "" });
});

test("importing it opens no file, starts no thread, reads no environment and leaves nothing running", () => {
  writeFileSync(
    join(consumer.folder, "idle.mjs"),
    `import { createRequire, syncBuiltinESMExports } from "node:module";
const require = createRequire(import.meta.url);
const seen = [];
const fs = require("node:fs");
for (const part of [fs, fs.promises, require("node:worker_threads"), require("node:child_process")]) {
  for (const [name, original] of Object.entries(part)) {
    if (typeof original !== "function" || !/^(open|read|write|Worker|spawn|fork|exec)/.test(name)) continue;
    part[name] = new Proxy(original, {
      apply(target, self, args) {
        // What Node itself reads of a module to load it is no work of the module's.
        if (!/\\.(c|m)?js$|package\\.json$/.test(String(args[0]))) seen.push(name + " " + args[0]);
        return Reflect.apply(target, self, args);
      },
      construct(target, args) { seen.push("new " + name); return Reflect.construct(target, args); },
    });
  }
}
syncBuiltinESMExports();
// What Node asks for while it loads a module.
const own = /^(NODE_|WATCH_)/;
process.env = new Proxy(process.env, {
  get(env, name) {
    if (!own.test(String(name))) seen.push("env " + String(name));
    return env[name];
  },
});
const before = process.getActiveResourcesInfo().length;
process.env.CONTROL;
fs.readdirSync(".");
await import("simile");
console.log(JSON.stringify({ seen, more: process.getActiveResourcesInfo().length - before }));`,
  );
  const { status, stdout, stderr } = node("idle.mjs");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  // The two at the start are the control's own: what is looked for is found.
  expect(JSON.parse(stdout)).toEqual({ seen: ["env CONTROL", "readdirSync ."], more: 0 });
});

const source = `import {
  openSeries, similarity, similarityMatrix, matrix,
  type Network, type SimilarityMatrix, type SimilarityOptions,
} from "simile";
const network: Network = {
  layers: [{ kind: "bilinear", left: matrix(1, 2), right: matrix(1, 2), down: matrix(1, 1) }],
};
const options: SimilarityOptions = { metric: "gaussian" };
export const value: number = (await similarity(network, network, options)).value;
export const whole: SimilarityMatrix = await similarityMatrix(await openSeries("run"), { progress: (done, total) => done / total });
// @ts-expect-error there is no such metric
await similarity(network, network, { metric: "guess" });
// @ts-expect-error a network is not a number
export const wrong: number = network;
`;

/** What the compiler says of a file of the consumer's, and of every declaration of ours it reads. */
function faultsOf(name: string, text: string, options: ts.CompilerOptions): string[] {
  const file = join(consumer.folder, name);
  writeFileSync(file, text);
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2023,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    skipLibCheck: false,
    ...options,
  });
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.includes("simile-packed-"));
  expect(ours.length).toBeGreaterThan(50);
  const faults = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...ours.flatMap((one) => [
      ...program.getSyntacticDiagnostics(one),
      ...program.getSemanticDiagnostics(one),
    ]),
  ];
  return faults.map(({ messageText, file: where }) => {
    return `${where?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}

test("a strict project of Node's module resolution type-checks against it", () => {
  const options = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    typeRoots: [join(installation, "node_modules", "@types")],
    types: ["node"],
    lib: ["lib.es2023.d.ts"],
  };
  expect(faultsOf("main.ts", source, options)).toEqual([]);
});

test("a bundler's project gets the build without Node, and its types", () => {
  const options = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    customConditions: ["browser"],
    types: [],
    lib: ["lib.es2023.d.ts", "lib.webworker.d.ts"],
  };
  const browser = 'import { similarity } from "simile";\nexport const compare = similarity;\n';
  expect(faultsOf("page.ts", browser, options)).toEqual([]);
  const files = 'import { openSeries } from "simile";\nexport const open = openSeries;\n';
  expect(faultsOf("files.ts", files, options).join()).toContain("no exported member 'openSeries'");
});

test("the docstrings are in the types", () => {
  const types = join(consumer.folder, "node_modules", "simile", "dist", "types");
  const text = readFileSync(join(types, "similarity", "pair.d.ts"), "utf8");
  expect(text).toContain("@throws {ShapeError} when a network does not fit together");
  expect(text).not.toMatch(/from "[^"]+\.ts"/);
});

test("its kernel starts by the command's name, in a folder with a space", async () => {
  const folder = mkdtempSync(join(consumer.folder, "a folder "));
  const command = [join(consumer.folder, simile), "kernel", "start"];
  const client = await JupyterClient.start(folder, command);
  try {
    const { outputs } = await client.executed(
      "import { matrix } from 'simile'; const m: object = matrix(1, 1); process.cwd()",
    );
    expect(outputs).toMatchObject([{ content: { data: { "text/plain": `'${folder}'` } } }]);
  } finally {
    await client.kill();
  }
});
