import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = join(fileURLToPath(import.meta.url), "..", "..", "..");

export const name =
  "kernel: Jupyter kernels through one client  --only simile,python,deno,tslab  --rounds 5";

/** What is executed and completed on each. */
interface Codes {
  readonly first: string;
  readonly warm: string;
  readonly complete: string;
}

interface Kernel extends Codes {
  readonly name: string;
  readonly argv: readonly string[];
}

interface Times {
  readonly name: string;
  readonly error?: string;
  readonly ready: number;
  readonly first: number;
  readonly warm: number;
  readonly warm95: number;
  readonly completeFirst: number;
  readonly complete: number;
  readonly restart: number;
  readonly rest: number;
  readonly ran: number;
  readonly used: number;
}

const typescript: Codes = {
  first: "const a: number = 20; a + 1",
  warm: "1 + 1",
  complete: "Math.sq",
};
const python: Codes = {
  first: "a = 20; a + 1",
  warm: "1 + 1",
  complete: "import math; math.sq",
};

/** A Python with the client that times; Debian's own has Debian's packages. */
const client = ["/usr/bin/python3", "python3"].find((path) =>
  has(path, "import jupyter_client, psutil"),
);

function has(path: string, imports: string): boolean {
  return spawnSync(path, ["-c", imports]).status === 0;
}

/** A program of a package that npm installs for the occasion; undefined when it does not. */
function program(packageName: string): string | undefined {
  const folder = join(root, ".cache", "bench-kernels", packageName);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  const found = join(folder, "node_modules", ".bin", packageName);
  const runs = () => spawnSync(found, ["--version"]).status === 0;
  if (!runs()) spawnSync("npm", ["install", packageName], { cwd: folder, timeout: 180_000 });
  return runs() ? found : undefined;
}

function installed(name: string, args: readonly string[]): Kernel | undefined {
  const path = program(name);
  return path === undefined ? undefined : { name, argv: [path, ...args], ...typescript };
}

function kernels(wanted: readonly string[], print: (line: string) => void): readonly Kernel[] {
  const known: Record<string, () => Kernel | undefined> = {
    simile: () => ({
      name: "simile",
      argv: [process.execPath, join(root, "dist", "jupyter.js"), "{connection_file}"],
      ...typescript,
    }),
    python: () => {
      const argv = [client!, "-m", "ipykernel_launcher", "-f", "{connection_file}"];
      return has(client!, "import ipykernel") ? { name: "python", argv, ...python } : undefined;
    },
    deno: () => installed("deno", ["jupyter", "--kernel", "--conn", "{connection_file}"]),
    tslab: () => installed("tslab", ["kernel", "--config-path={connection_file}"]),
  };
  return wanted.flatMap((one) => {
    const kernel = known[one]?.();
    if (!kernel) print(`${one}: skipped, it is not installed and does not install`);
    return kernel ?? [];
  });
}

/** What is timed: its heading, its numbers, and the aim for ours. */
const columns: readonly [title: string, of: (times: Times) => string][] = [
  ["ready", ({ ready }) => `${ready.toFixed(0)} ms`],
  ["first", ({ first }) => `${first.toFixed(0)} ms`],
  ["warm (p95)", ({ warm, warm95 }) => `${warm.toFixed(1)} (${warm95.toFixed(1)}) ms`],
  ["complete 1st", ({ completeFirst }) => `${completeFirst.toFixed(0)} ms`],
  ["complete", ({ complete }) => `${complete.toFixed(1)} ms`],
  ["restart", ({ restart }) => `${restart.toFixed(0)} ms`],
  ["at rest", ({ rest }) => `${rest.toFixed(0)} MB`],
  ["after first", ({ ran }) => `${ran.toFixed(0)} MB`],
  ["after use", ({ used }) => `${used.toFixed(0)} MB`],
];

/** Times each kernel by kernel_bench.py beside this file, which says what its numbers are. */
export async function run(print: (line: string) => void): Promise<void> {
  const { values } = parseArgs({
    strict: false,
    options: {
      only: { type: "string", default: "simile,python,deno,tslab" },
      rounds: { type: "string", default: "5" },
    },
  });
  if (!client) {
    print("skipped: no Python with jupyter_client and psutil (Debian: apt install jupyter-client)");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "bench-kernel-"));
  try {
    const found = kernels(String(values["only"]).split(","), print);
    for (const { name: one, argv } of found) {
      mkdirSync(join(folder, one));
      const spec = { argv, display_name: one, language: one, interrupt_mode: "message" };
      writeFileSync(join(folder, one, "kernel.json"), JSON.stringify(spec));
    }
    const script = join(root, "test", "bench", "kernel_bench.py");
    const names = found.map((one) => one.name);
    const { stdout } = spawnSync(client, [script, folder, String(values["rounds"]), ...names], {
      input: JSON.stringify(Object.fromEntries(found.map((one) => [one.name, one]))),
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    });
    const timed = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Times);
    print(["".padEnd(8), ...columns.map(([title]) => title.padStart(15))].join(""));
    for (const times of timed) {
      const cells = times.error === undefined ? columns.map(([, of]) => of(times)) : [times.error];
      print([times.name.padEnd(8), ...cells.map((cell) => cell.padStart(15))].join(""));
    }
    print("aims: ready ≤ 500 ms, warm ≤ 5 ms, restart ≤ 1000 ms, at rest ≤ 90 MB");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
