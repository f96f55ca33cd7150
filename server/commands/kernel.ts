import { readArguments } from "../arguments.ts";
import { type Command, UsageError } from "../command.ts";
import { writeConnection } from "../jupyter/connection-file.ts";
import { kernelFolder, knownFolders, type Place } from "../jupyter/kernel-folders.ts";
import {
  type InstalledKernel,
  installedKernels,
  installKernel,
  uninstallKernel,
} from "../jupyter/kernelspec.ts";
import { startKernel } from "../jupyter/start.ts";

const flags = {
  user: { type: "boolean", default: false },
  prefix: { type: "string" },
  "sys-prefix": { type: "boolean", default: false },
  name: { type: "string", default: "simile" },
  portable: { type: "boolean", default: false },
  ip: { type: "string", default: "127.0.0.1" },
  "display-name": { type: "string", default: "TypeScript (Simile)" },
  json: { type: "boolean", default: false },
} as const;

export const kernel: Command = {
  summary: "make Simile a kernel of Jupyter's: install, uninstall, list, start",
  usage: `Usage: simile kernel install|uninstall|list [options]
       simile kernel start [CONNECTION_FILE] [--ip ADDRESS]

Makes TypeScript cells run in JupyterLab, VS Code, jupyter console and nbconvert: choose the kernel by its
name there. What is installed is one small file that names this Node and this installation; installing
again mends it after either has moved.

  --user             for you alone (default)
  --sys-prefix       for the Python environment that is active
  --prefix FOLDER    for what is installed under FOLDER, e.g. /usr/local
  --name NAME        what clients call it (default: simile)
  --display-name TEXT
                     what people read (default: TypeScript (Simile))
  --portable         name the command "simile" instead, to be found in the PATH of whatever machine it is
                     launched on
  --json             print what was done, or found, as JSON

start is what launchers of clusters run: a kernel at the addresses of a connection file. Without one it
takes free ports, writes a connection file for as long as it runs, and prints its path, for a client that
is told: jupyter console --existing FILE.

  --ip ADDRESS       whose ports it takes then (default: 127.0.0.1)

Examples:
  simile kernel install
  simile kernel install --sys-prefix --name simile-dev
  simile kernel list --json
  simile kernel start --ip 0.0.0.0

Exit status: 0 done, 1 it could not be done, 2 the command line makes no sense.`,

  async run(args) {
    const { values, positionals } = readArguments(args, flags, 2);
    const [act, file] = positionals;
    if (file !== undefined && act !== "start") {
      throw new UsageError(`Unexpected argument ${JSON.stringify(file)}`);
    }
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
        const folder = await installKernel(folders, name, {
          displayName: values["display-name"],
          portable: values.portable,
        });
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
        const lines = found.map(({ name, version, folder, missing }) => {
          const gone =
            missing === undefined ? "" : `  broken: there is no ${missing}; install it again`;
          return `${name}  ${version}  ${folder}${gone}`;
        });
        print(lines.join("\n") || "No kernel of Simile's is installed", found);
        return 0;
      }
      case "start":
        if (file !== undefined) return startKernel(file, { remove: false });
        return startKernel(await announced(values.ip), { remove: true });
      default:
        throw new UsageError(
          `Cannot do ${act ?? "nothing"} with the kernel: expected install, uninstall, list or start`,
        );
    }
  },
};

/** Path of a new connection file, once it is printed. */
async function announced(ip: string): Promise<string> {
  const path = await writeConnection(ip);
  console.log(path);
  return path;
}

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
