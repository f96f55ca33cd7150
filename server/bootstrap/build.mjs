// Builds dist/ from the sources with esbuild: the library, the kernel, the server and the page.
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const dist = join(root, "dist");
const sources = ["src", "kernel", "server", "package-lock.json", "tsconfig.json"];

/** Hash of every file the build reads. */
function sourceHash() {
  const hash = createHash("sha256");
  for (const top of sources) {
    const path = join(root, top);
    for (const file of top.includes(".") ? [path] : filesUnder(path)) {
      hash.update(relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
    }
  }
  return hash.digest("hex");
}

/** @param {string} folder @returns {string[]} */
function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/**
 * Builds when a source changed since the last build.
 *
 * @returns {Promise<boolean>} true when something was built
 */
export async function buildIfStale() {
  const stamp = join(dist, "built-from");
  const hash = sourceHash();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return false;
  await build();
  writeFileSync(stamp, hash);
  return true;
}

/** Builds everything into dist/. */
export async function build() {
  const esbuild = await import("esbuild");
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(join(dist, "client"), { recursive: true });
  const common = /** @type {const} */ ({
    bundle: true,
    format: "esm",
    sourcemap: true,
    target: "es2022",
    logLevel: "warning",
    absWorkingDir: root,
    legalComments: "none",
  });
  await Promise.all([
    // One graph with shared chunks: the kernel and a cell's `import "simile"` get the same module.
    esbuild.build({
      ...common,
      entryPoints: {
        simile: "src/index.node.ts",
        kernel: "kernel/main.ts",
        cli: "server/cli.ts",
        headless: "src/client/headless.ts",
      },
      outdir: "dist",
      splitting: true,
      platform: "node",
      target: "node20",
      packages: "external",
    }),
    esbuild.build({
      ...common,
      entryPoints: { main: "src/client/main.ts" },
      outdir: "dist/client",
      splitting: true,
      minify: true,
      platform: "browser",
    }),
    // A published report holds its script inline, and a page from file:// loads no modules.
    esbuild.build({
      ...common,
      entryPoints: { report: "src/client/report.ts" },
      outdir: "dist/client",
      format: "iife",
      minify: true,
      sourcemap: false,
      platform: "browser",
    }),
    esbuild.build({
      ...common,
      entryPoints: { style: "src/client/style.css" },
      outdir: "dist/client",
      minify: true,
      sourcemap: false,
      external: ["*.woff2", "*.woff", "*.ttf"],
    }),
  ]);
  copyKatex();
}

function copyKatex() {
  const katex = dirname(createRequire(import.meta.url).resolve("katex/package.json"));
  const target = join(dist, "client", "katex");
  mkdirSync(join(target, "fonts"), { recursive: true });
  cpSync(join(katex, "dist", "katex.min.css"), join(target, "katex.min.css"));
  for (const font of readdirSync(join(katex, "dist", "fonts"))) {
    if (font.endsWith(".woff2")) {
      cpSync(join(katex, "dist", "fonts", font), join(target, "fonts", font));
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
