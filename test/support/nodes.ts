import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A version of Node to test with. */
export interface NodeVersion {
  /** As `node --version` prints it. */
  readonly name: string;
  readonly binary: string;
}

/**
 * The versions that `NODES` names by their major numbers, in the packages that the npm package `node` is
 * made of, kept in the system's folder for temporary files; none named: the one that runs this.
 */
export function nodeVersions(majors: string = process.env["NODES"] ?? ""): readonly NodeVersion[] {
  const named = majors.split(/[\s,]+/).filter((major) => major !== "");
  if (named.length === 0) return [{ name: process.version, binary: process.execPath }];
  return named.map((major) => {
    const binary = installed(major);
    const { stdout } = spawnSync(binary, ["--version"], { encoding: "utf8" });
    return { name: stdout.trim(), binary };
  });
}

function installed(major: string): string {
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const folder = join(tmpdir(), "simile-nodes", major);
  const file = process.platform === "win32" ? "node.exe" : "node";
  const binary = join(folder, "node_modules", name, "bin", file);
  if (existsSync(binary)) return binary;
  const args = ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder];
  const { status, stderr } = spawnSync("npm", [...args, `${name}@${major}`], {
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status === 0 && existsSync(binary)) return binary;
  throw new Error(`Cannot test on Node ${major}: ${name} could not be installed: ${stderr}`);
}
