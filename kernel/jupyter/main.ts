/*
 * The kernel as Jupyter starts it: `node jupyter.js CONNECTION_FILE`. This process speaks to clients and
 * never runs a person's code, so that it answers whatever that does.
 */
import { readFileSync } from "node:fs";
import { readConnection } from "./connection.ts";
import { JupyterKernel } from "./jupyter-kernel.ts";

const [, , file] = process.argv;
if (file === undefined) {
  process.stderr.write("Cannot start the kernel: expected a connection file, found none\n");
  process.exit(2);
}

const log = (sentence: string): void => {
  process.stderr.write(`${sentence}\n`);
};

/** A launcher that names itself wants no kernel to outlive it; this one's own parent may be a wrapper. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 1_000).unref();
}

try {
  const connection = readConnection(readFileSync(file, "utf8"));
  const { version } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  ) as { version: string };
  const kernel = new JupyterKernel(connection, { directory: process.cwd(), version, log });
  process.on("SIGINT", () => kernel.interrupt());
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => void kernel.close());
  }
  if (process.env["JPY_PARENT_PID"] !== undefined) endWithParent(() => void kernel.close());
  await kernel.open(connection);
  await kernel.ended;
  process.exit(0);
} catch (error) {
  log(`Cannot start the kernel: ${(error as Error).message}`);
  process.exit(1);
}
