// `npm run bench [name …] [-- --option …]`: builds the benchmarks beside this file and runs them one after another.
// Each is a module with `name` and `run(print)`, and reports ratios against a baseline of the same run.
import { mkdirSync, readdirSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import { root } from "../../server/bootstrap/build.mjs";

const folder = join(root, "test", "bench");
// What begins with an option is for the benchmark.
const options = process.argv.findIndex((argument) => argument.startsWith("--"));
const wanted = process.argv.slice(2, options < 0 ? undefined : options);
const modules = readdirSync(folder)
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
  .filter((file) => wanted.length === 0 || wanted.includes(basename(file, ".ts")));
if (modules.length === 0) {
  const names = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  console.error(
    `No benchmark "${wanted.join(" ")}": there are ${names.map((name) => basename(name, ".ts")).join(", ")}`,
  );
  process.exit(2);
}

// Not in dist/, which the start benchmark builds anew.
const outdir = join(root, ".cache", "bench");
mkdirSync(outdir, { recursive: true });
await esbuild.build({
  entryPoints: modules.map((file) => join(folder, file)),
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  logLevel: "warning",
});

console.log(
  `${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`,
);
for (const file of modules) {
  const bench = await import(pathToFileURL(join(outdir, file.replace(/\.ts$/, ".js"))).href);
  if (typeof bench.run !== "function") continue;
  console.log(`\n# ${bench.name}`);
  await bench.run((/** @type {string} */ line) => console.log(line));
}
process.exit(0);
