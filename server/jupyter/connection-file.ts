import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { runtimeFolder } from "./kernel-folders.ts";

const doors = ["shell", "control", "iopub", "stdin", "hb"] as const;

/**
 * Writes a connection file with a new key and free ports, for this person's eyes only.
 *
 * @param ip address of this machine at which clients find the kernel
 * @returns the path
 * @throws {Error} when the address is none of this machine's, or the file cannot be written
 */
export async function writeConnection(ip: string): Promise<string> {
  const ports = await freePorts(ip, doors.length);
  const connection = {
    ...Object.fromEntries(doors.map((door, i) => [`${door}_port`, ports[i]])),
    ip,
    transport: "tcp",
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
    kernel_name: "simile",
  };
  const folder = runtimeFolder();
  const path = join(folder, `kernel-${process.pid}.json`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(path, `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600 });
  } catch (cause) {
    throw new Error(`Cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
  return path;
}

/** Ports that nobody listens at, all different. */
async function freePorts(ip: string, count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listening(ip)));
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listening(ip: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (cause) => {
      reject(new Error(`Cannot use --ip ${ip}: ${cause.message}`, { cause }));
    });
    server.listen(0, ip, () => resolve(server));
  });
}
