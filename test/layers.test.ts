import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Who may import whom. A folder may import from folders with a lower number, through their index.ts,
 * and from itself. The table is the documentation; this test is what holds it.
 */
const rank: Record<string, number> = {
  "src/tensor": 0,
  "src/workbook": 0,
  "src/protocol": 0,
  // The open document: what an edit does, and what two edits at the same time become.
  "src/editing": 1,
  // What cells mean to TypeScript, for the kernel and the server.
  "src/language": 1,
  // What charts are, before anybody draws them: scales, ticks, colours.
  "src/charts": 0,
  // Documents without a browser: of the inputs that run in the server, and of charts in the kernel.
  "src/headless": 0,
  "src/engine": 1,
  "src/model": 1,
  // Markdown as HTML: of the server's documents, and of what a kernel shows.
  "src/prose": 1,
  "src/checkpoint": 2,
  "src/symmetry": 2,
  "src/similarity": 3,
  "src/analysis": 4,
  "src/training": 4,
  // The library's table of exports: what `import … from "simile"` gives.
  src: 5,
  // How a kernel is started and spoken to: by the server, and by the kernel's own doors.
  "kernel/process": 5,
  kernel: 6,
  server: 6,
  "src/client": 6,
};

/** Stated exceptions: file → what else it may import, with the reason. */
const exceptions: Record<string, readonly string[]> = {};

/** Files that may be imported past a folder's index: entries for one environment only. */
const entries = [
  "src/engine/node/index.ts",
  "src/checkpoint/files/index.ts",
  "src/similarity/files/index.ts",
  "src/index.node.ts",
];

const files = ["src", "kernel", "server"]
  .flatMap((top) => readdirSync(join(root, top), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
  .filter((file) => !file.includes("/assembly/"));

function folderOf(file: string): string {
  const parts = file.split("/");
  if (file.startsWith("kernel/process/")) return "kernel/process";
  return parts[0] === "src" && parts.length > 2 ? `src/${parts[1]}` : parts[0]!;
}

function importsOf(file: string): string[] {
  const source = readFileSync(join(root, file), "utf8");
  const pattern = /(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.[^"]+)"/g;
  return Array.from(source.matchAll(pattern), ([, path]) =>
    join(dirname(file), path!).split(sep).join("/"),
  );
}

test.for(files)("%s imports only what its folder may, through the index", (file) => {
  const own = folderOf(file);
  expect(rank, `${own} has no rank in the table`).toHaveProperty([own]);
  const wrong = importsOf(file).filter((target) => {
    const folder = folderOf(target);
    if (folder === own || exceptions[file]?.includes(target)) return false;
    const lower = (rank[folder] ?? Number.POSITIVE_INFINITY) < rank[own]!;
    return !lower || !(target === `${folder}/index.ts` || entries.includes(target));
  });
  expect(wrong).toEqual([]);
});

test("a wrong folder, a path past the index and each form of import are found", () => {
  const found = Array.from(
    'import "./a"; import x from "./b"; import("./c"); export * from "./d"; import type {y} from "./e"'.matchAll(
      /(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.[^"]+)"/g,
    ),
    ([, path]) => path,
  );
  expect(found).toEqual(["./a", "./b", "./c", "./d", "./e"]);
});

test("no file imports itself by way of others", () => {
  const targets = new Map(files.map((file) => [file, importsOf(file)]));
  const done = new Set<string>();
  const circles: string[] = [];
  const follow = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(" → "));
    if (done.has(file)) return;
    done.add(file);
    for (const target of targets.get(file) ?? []) follow(target, [...way, file]);
  };
  for (const file of files) follow(file, []);
  expect(circles).toEqual([]);
});
