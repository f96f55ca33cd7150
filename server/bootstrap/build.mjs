// Builds dist/ from the sources with esbuild: the library, the kernel, the server and the page.
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { takeLock } from "./lock.mjs";
import { writeTypes } from "./types.mjs";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const dist = join(root, "dist");
const sources = ["src", "kernel", "server", "package-lock.json", "tsconfig.json"];

/** What declarations are written of: the library, and what cells find without importing it. */
const declared = [
  "index.node.ts",
  "index.ts",
  "client/scope/browser.ts",
  "language/kernel-scope.ts",
  "language/execution-scope.ts",
];

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

/** @param {string} hash whether dist/ was built from the sources with this hash */
function isBuiltFrom(hash) {
  const stamp = join(dist, "built-from");
  return existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
}

/**
 * Builds when a source changed since the last build. Ends the process with a sentence when it cannot.
 *
 * @returns {Promise<boolean>} true when something was built
 */
export async function buildIfStale() {
  if (isBuiltFrom(sourceHash())) return false;
  try {
    return await buildLocked({ always: false });
  } catch (error) {
    console.error(`Cannot build Simile: ${/** @type {Error} */ (error).message}`);
    process.exit(1);
  }
}

/** Builds everything into dist/. */
export async function build() {
  await buildLocked({ always: true });
}

/**
 * @param {{always: boolean}} options build although another process has done so while this one waited
 * @returns {Promise<boolean>} true when something was built
 */
async function buildLocked({ always }) {
  const release = takeLock(join(root, ".cache", "build.lock"));
  const fresh = join(root, `.dist-${process.pid}`);
  try {
    const hash = sourceHash();
    if (!always && isBuiltFrom(hash)) return false;
    await buildInto(fresh);
    writeFileSync(join(fresh, "built-from"), hash);
    // A whole dist/ in place of a whole dist/: a failed build leaves the old one as it was.
    const old = join(root, `.dist-${process.pid}-old`);
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(fresh, dist);
    rmSync(old, { recursive: true, force: true });
    return true;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    release();
  }
}

/** @param {string} target a folder beside dist/ */
async function buildInto(target) {
  const esbuild = await import("esbuild");
  mkdirSync(join(target, "client"), { recursive: true });
  const common = /** @type {const} */ ({
    bundle: true,
    format: "esm",
    sourcemap: true,
    target: "es2022",
    logLevel: "warning",
    absWorkingDir: root,
    legalComments: "none",
  });
  const client = join(target, "client");
  await Promise.all([
    // One graph with shared chunks: the kernel and a cell's `import "simile"` get the same module.
    esbuild.build({
      ...common,
      entryPoints: {
        simile: "src/index.node.ts",
        kernel: "kernel/main.ts",
        interrupter: "kernel/interrupter/interrupter.ts",
        jupyter: "kernel/jupyter/main.ts",
        drawing: "kernel/rich/drawing.ts",
        language: "kernel/language/worker.ts",
        "loader-thread": "kernel/modules/loader-thread.ts",
        cli: "server/cli.ts",
        "workbook-language": "server/language/worker.ts",
        checkpoints: "server/checkpoints/worker.ts",
        headless: "src/client/headless.ts",
      },
      outdir: target,
      splitting: true,
      platform: "node",
      target: "node20",
      packages: "external",
      plugins: [typescriptBeside],
    }),
    writeTypeScript(esbuild, join(target, "typescript.cjs")),
    // The library without Node, for a browser, a web worker or a bundler.
    esbuild.build({
      ...common,
      entryPoints: { "simile.browser": "src/index.ts" },
      outdir: target,
      platform: "browser",
    }),
    writeTypes(join(root, "src"), declared, join(target, "types")),
    esbuild.build({
      ...common,
      entryPoints: { main: "src/client/main.ts" },
      outdir: client,
      splitting: true,
      minify: true,
      platform: "browser",
      plugins: [ownModulesOnlyExport],
    }),
    // Workers of the page: each a script of its own.
    esbuild.build({
      ...common,
      entryPoints: { searching: "src/client/editor/find/searching.ts" },
      outdir: client,
      format: "iife",
      minify: true,
      platform: "browser",
      plugins: [ownModulesOnlyExport],
    }),
    // A published report holds its script inline, and a page from file:// loads no modules.
    esbuild.build({
      ...common,
      entryPoints: { report: "src/client/report.ts" },
      outdir: client,
      format: "iife",
      minify: true,
      sourcemap: false,
      platform: "browser",
      plugins: [ownModulesOnlyExport],
    }),
    // Inlined in a report beside the script above, when one of its cells names d3.
    esbuild.build({
      ...common,
      entryPoints: { d3: "d3" },
      outdir: client,
      format: "iife",
      globalName: "d3",
      minify: true,
      sourcemap: false,
      platform: "browser",
    }),
    esbuild.build({
      ...common,
      entryPoints: { style: "src/client/style.css" },
      outdir: client,
      minify: true,
      sourcemap: false,
      external: ["*.woff2", "*.woff", "*.ttf"],
    }),
  ]);
  for (const file of ["index.html", "icon.svg", "icon-64x64.png"]) {
    cpSync(join(root, "src", "client", file), join(client, file));
  }
  copyKatex(join(client, "katex"));
  // Otherwise its process lives on beside a server that was started by the same command.
  await esbuild.stop();
}

/**
 * Our modules do nothing when they are imported: of an index, a page gets what it names, and not what the
 * rest of the folder imports (all of TypeScript, to blank types with).
 */
const ownModulesOnlyExport = {
  name: "own modules only export",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path),
      sideEffects: false,
    }));
    // Loaded where types are blanked: never in a page.
    build.onResolve({ filter: /^(ts-blank-space|typescript)$/ }, ({ path }) => ({
      path,
      external: true,
    }));
  },
};

/**
 * Leads to TypeScript beside what is built, also from the package that blanks types with it. Required and not
 * imported: to import it, Node first looks through all of its text for names that it may export.
 */
const typescriptBeside = {
  name: "typescript beside",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^typescript$/ }, () => ({
      path: "typescript",
      namespace: "typescript beside",
    }));
    build.onLoad({ filter: /.*/, namespace: "typescript beside" }, () => ({
      resolveDir: root,
      contents: `
        import { fileURLToPath } from "node:url";
        import { requireCompiled } from "./src/language/compiled.ts";
        const path = fileURLToPath(new URL("./typescript.cjs", import.meta.url));
        export default requireCompiled(path, process.env.NODE_COMPILE_CACHE);
      `,
    }));
    build.onResolve({ filter: /^ts-blank-space$/ }, ({ path }) => ({
      path: createRequire(import.meta.url).resolve(path),
    }));
  },
};

/**
 * TypeScript, minified: of its 9 MB, the half is comments, and reading them takes as long as the rest.
 *
 * @param {typeof import("esbuild")} esbuild
 * @param {string} target
 */
async function writeTypeScript(esbuild, target) {
  await esbuild.build({
    entryPoints: [createRequire(import.meta.url).resolve("typescript")],
    outfile: target,
    minify: true,
    platform: "node",
    target: "node20",
    // Its licence.
    legalComments: "inline",
    logLevel: "warning",
  });
}

/** @param {string} target */
function copyKatex(target) {
  const katex = dirname(createRequire(import.meta.url).resolve("katex/package.json"));
  mkdirSync(join(target, "fonts"), { recursive: true });
  cpSync(join(katex, "dist", "katex.min.css"), join(target, "katex.min.css"));
  for (const font of readdirSync(join(katex, "dist", "fonts"))) {
    if (font.endsWith(".woff2")) {
      cpSync(join(katex, "dist", "fonts", font), join(target, "fonts", font));
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build().catch((error) => {
    console.error(`Cannot build Simile: ${error.message}`);
    process.exit(1);
  });
}
