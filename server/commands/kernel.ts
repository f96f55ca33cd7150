import { readArguments } from "../arguments.ts";
import { type Command, UsageError } from "../command.ts";
import { kernelFolder, knownFolders, type Place } from "../jupyter/kernel-folders.ts";
import {
  type InstalledKernel,
  installedKernels,
  installKernel,
  uninstallKernel,
} from "../jupyter/kernelspec.ts";

const flags = {
  user: { type: "boolean", default: false },
  prefix: { type: "string" },
  "sys-prefix": { type: "boolean", default: false },
  name: { type: "string", default: "simile" },
  "display-name": { type: "string", default: "TypeScript (Simile)" },
  json: { type: "boolean", default: false },
} as const;

export const kernel: Command = {
  summary: "make Simile a kernel of Jupyter's: install, uninstall, list",
  usage: `Usage: simile kernel install|uninstall|list [options]

Makes TypeScript cells run in JupyterLab, VS Code, jupyter console and nbconvert: choose the kernel by its
name there. What is installed is one small file that names this Node and this installation; installing
again mends it after either has moved.

  --user             for you alone (default)
  --sys-prefix       for the Python environment that is active
  --prefix FOLDER    for what is installed under FOLDER, e.g. /usr/local
  --name NAME        what clients call it (default: simile)
  --display-name TEXT
                     what people read (default: TypeScript (Simile))
  --json             print what was done, or found, as JSON

Examples:
  simile kernel install
  simile kernel install --sys-prefix --name simile-dev
  simile kernel list --json

Exit status: 0 done, 1 it could not be done, 2 the command line makes no sense.`,

  async run(args) {
    const { values, positionals } = readArguments(args, flags, 1);
    const [act] = positionals;
    const { name } = values;
    if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
      throw new UsageError(
        `Cannot use --name ${name}: expected letters, digits, ".", "_" and "-" only`,
      );
    }
    const print = (text: string, kernels: readonly InstalledKernel[]) =>
      console.log(values.json ? JSON.stringify(kernels, null, 2) : text);
    switch (act) {
      case "install": {
        const folders = kernelFolder(placeOf(values));
        const folder = await installKernel(folders, name, values["display-name"]);
        const own = (await installedKernels([folders])).filter((one) => one.name === name);
        print(`Installed kernel "${name}" in ${folder}`, own);
        return 0;
      }
      case "uninstall": {
        const folders = kernelFolder(placeOf(values));
        const own = (await installedKernels([folders])).filter((one) => one.name === name);
        if (own.length === 0) {
          throw new Error(
            `Cannot uninstall kernel "${name}": expected one of Simile's in ${folders}, found none`,
          );
        }
        for (const one of own) await uninstallKernel(one);
        print(`Uninstalled kernel "${name}" from ${own[0]!.folder}`, own);
        return 0;
      }
      case "list": {
        const found = await installedKernels(knownFolders());
        const lines = found.map((one) => `${one.name}  ${one.version}  ${one.folder}`);
        print(lines.join("\n") || "No kernel of Simile's is installed", found);
        return 0;
      }
      default:
        throw new UsageError(
          `Cannot do ${act ?? "nothing"} with the kernel: expected install, uninstall or list`,
        );
    }
  },
};

/** @throws {UsageError} when more than one place is named */
function placeOf(values: {
  readonly user: boolean;
  readonly prefix?: string | undefined;
  readonly "sys-prefix": boolean;
}): Place {
  const { user, prefix, "sys-prefix": python } = values;
  if (Number(user) + Number(prefix !== undefined) + Number(python) > 1) {
    throw new UsageError("Cannot use --user, --prefix and --sys-prefix together: expected one");
  }
  if (prefix !== undefined) return { kind: "prefix", prefix };
  return { kind: python ? "python" : "user" };
}
