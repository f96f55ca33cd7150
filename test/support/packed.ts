import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { installation } from "../../server/installation.ts";

const { dependencies, bin } = JSON.parse(
  readFileSync(join(installation, "package.json"), "utf8"),
) as { dependencies: Record<string, string>; bin: Record<string, string> };

/** A project that has Simile installed from its tarball. */
export interface Consumer {
  readonly folder: string;
  /** Paths in the tarball. */
  readonly files: readonly string[];
}

/**
 * Packs what is built, and installs it with its dependencies into a new project as npm would, without
 * the network: what the clone has is linked, and nothing that only development needs.
 */
export function installPacked(): Consumer {
  const folder = mkdtempSync(join(tmpdir(), "simile-packed-"));
  // The tests have built dist/; the script would put another in its place under those that run beside.
  const args = ["pack", "--ignore-scripts", "--silent", "--offline", "--pack-destination", folder];
  const { status, stderr } = spawnSync("npm", args, { cwd: installation, encoding: "utf8" });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (status !== 0 || tarball === undefined) throw new Error(`Cannot pack: ${stderr}`);
  const modules = join(folder, "node_modules");
  const own = join(modules, "simile");
  mkdirSync(own, { recursive: true });
  const listing = execFileSync("tar", ["-tzf", join(folder, tarball)], { encoding: "utf8" });
  execFileSync("tar", ["-xzf", join(folder, tarball), "-C", own, "--strip-components=1"]);
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(installation, "node_modules", name), join(modules, name));
  }
  mkdirSync(join(modules, ".bin"));
  symlinkSync(join("..", "simile", bin["simile"]!), join(modules, ".bin", "simile"));
  const files = listing.trim().split("\n");
  return { folder, files: files.map((path) => path.replace(/^package\//, "")) };
}
