import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { installation } from "../../../server/installation.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { JupyterClient, jupyterScript } from "../../support/jupyter-client.ts";

const command = join(installation, "server", "bootstrap", "simile.mjs");

test("a kernel does not outlive a launcher that names itself", async () => {
  const launcher = ["sh", "-c", '"$0" "$@" & wait', process.execPath, jupyterScript];
  const environment = { ...process.env, JPY_PARENT_PID: String(process.pid) };
  const client = await JupyterClient.start(await temporaryFolder(), launcher, environment);
  const { outputs } = await client.executed("process.ppid");
  const { "text/plain": pid } = outputs[0]!.content["data"] as { "text/plain": string };
  await client.kill();
  await expect.poll(() => isAlive(Number(pid)), { timeout: 20_000 }).toBe(false);
});

test("started without a connection file, it writes one that only its person can read, for as long as it runs", async () => {
  const runtime = await temporaryFolder();
  const kernel = spawn(process.execPath, [command, "kernel", "start"], {
    env: { ...process.env, JUPYTER_RUNTIME_DIR: runtime },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(kernel.stdout, "data")) as [Buffer];
  const path = line.toString().trim();
  expect(path).toBe(join(runtime, `kernel-${kernel.pid}.json`));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const { ip, transport, key, ...ports } = JSON.parse(readFileSync(path, "utf8"));
  expect({ ip, transport }).toEqual({ ip: "127.0.0.1", transport: "tcp" });
  expect(key).toMatch(/^[0-9a-f-]{36}$/);
  expect(Object.keys(ports)).toEqual(
    expect.arrayContaining(["shell_port", "control_port", "iopub_port", "stdin_port", "hb_port"]),
  );
  // Its doors are open before it obeys a signal.
  await expect.poll(() => isOpen(ports.shell_port)).toBe(true);
  kernel.kill("SIGTERM");
  await once(kernel, "close");
  expect(existsSync(path)).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
