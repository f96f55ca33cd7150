import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { installation, installedVersion } from "../installation.ts";

/** A kernel of Simile's as Jupyter knows it. */
export interface InstalledKernel {
  /** What clients call it: `jupyter console --kernel NAME`. */
  readonly name: string;
  readonly folder: string;
  /** Version of Simile that it was installed with. */
  readonly version: string;
  /** What it names and is not there any more: this installation or its Node has moved. */
  readonly missing?: string;
}

/** Pictures by which launchers show a kernel: ours, and the name each is looked for by. */
const logos = [
  ["icon.svg", "logo-svg.svg"],
  ["icon-64x64.png", "logo-64x64.png"],
] as const;

/**
 * Makes Simile known to Jupyter under a name.
 *
 * @param options `portable` to name the command, wherever it is found, and not this installation
 * @returns the folder that was written
 * @throws {Error} when another program's kernel has the name, or the folder cannot be written
 */
export async function installKernel(
  kernels: string,
  name: string,
  { displayName, portable }: { readonly displayName: string; readonly portable: boolean },
): Promise<string> {
  const folder = join(kernels, name);
  const there = await readSpec(folder);
  if (there && there.version === undefined) {
    throw new Error(
      `Cannot install kernel "${name}": expected the name to be free or Simile's, found another kernel in ${folder}; give another --name`,
    );
  }
  const spec = {
    argv: [
      ...(portable
        ? ["simile", "kernel", "start"]
        : [process.execPath, join(installation, "dist", "jupyter.js")]),
      "{connection_file}",
    ],
    display_name: displayName,
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: false, simile: { version: installedVersion() } },
  };
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
    for (const [icon, logo] of logos) {
      await copyFile(join(installation, "dist", "client", icon), join(folder, logo));
    }
  } catch (cause) {
    throw new Error(`Cannot install kernel "${name}": ${(cause as Error).message}`, { cause });
  }
  return folder;
}

/** Simile's kernels in these folders. */
export async function installedKernels(
  folders: readonly string[],
): Promise<readonly InstalledKernel[]> {
  const found: InstalledKernel[] = [];
  for (const kernels of folders) {
    const names = await readdir(kernels).catch(() => []);
    for (const name of names.toSorted()) {
      const folder = join(kernels, name);
      const { version, argv } = (await readSpec(folder)) ?? {};
      if (version === undefined) continue;
      const missing = argv?.find((path) => isAbsolute(path) && !existsSync(path));
      found.push({ name, folder, version, ...(missing !== undefined && { missing }) });
    }
  }
  return found;
}

/** Takes a kernel away from Jupyter. */
export async function uninstallKernel({ folder }: InstalledKernel): Promise<void> {
  await rm(folder, { recursive: true });
}

interface Spec {
  /** Undefined when the kernel is another program's. */
  readonly version: string | undefined;
  readonly argv?: readonly string[];
}

/** What a folder's kernel.json says; undefined when there is none. */
async function readSpec(folder: string): Promise<Spec | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, "kernel.json"), "utf8");
  } catch {
    return undefined;
  }
  try {
    const { argv, metadata } = JSON.parse(text) as {
      argv?: unknown;
      metadata?: { simile?: { version?: unknown } };
    };
    const version = metadata?.simile?.version;
    return {
      version: typeof version === "string" ? version : undefined,
      argv: Array.isArray(argv) ? argv.map(String) : [],
    };
  } catch {
    return { version: undefined };
  }
}
