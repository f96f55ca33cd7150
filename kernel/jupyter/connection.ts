/** Where a client expects the kernel, and the key that signs what they say to each other. */
export interface Connection {
  /** Addresses to bind, as ZeroMQ writes them. */
  readonly addresses: Readonly<Record<Door, string>>;
  /** Empty when messages are not signed. */
  readonly key: string;
  /** Hash under the HMAC, as Node names it. */
  readonly hash: string;
}

export type Door = "shell" | "control" | "iopub" | "stdin" | "heartbeat";

const ports: Readonly<Record<Door, string>> = {
  shell: "shell_port",
  control: "control_port",
  iopub: "iopub_port",
  stdin: "stdin_port",
  heartbeat: "hb_port",
};

/**
 * Reads a connection file.
 *
 * @throws {TypeError} naming the key, what was expected and what was found
 */
export function readConnection(text: string): Connection {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    throw new TypeError(`Cannot read the connection file: ${(cause as Error).message}`, { cause });
  }
  const fields = (typeof file === "object" && file !== null ? file : {}) as Record<string, unknown>;
  const { transport = "tcp", ip, key = "", signature_scheme: scheme = "hmac-sha256" } = fields;
  if (transport !== "tcp" && transport !== "ipc") throw wrong("transport", "tcp or ipc", transport);
  if (typeof ip !== "string" || ip === "") throw wrong("ip", "a text", ip);
  if (typeof key !== "string") throw wrong("key", "a text", key);
  const [, hash] = /^hmac-(\w+)$/.exec(String(scheme)) ?? [];
  if (hash === undefined) throw wrong("signature_scheme", "hmac and a hash", scheme);
  const address = (door: Door): string => {
    const port = fields[ports[door]];
    if (!Number.isInteger(port) || (port as number) < 1 || (port as number) > 65_535) {
      throw wrong(ports[door], "a port", port);
    }
    return transport === "tcp" ? `tcp://${ip}:${port}` : `ipc://${ip}-${port}`;
  };
  const doors = Object.keys(ports) as Door[];
  const addresses = Object.fromEntries(doors.map((door) => [door, address(door)]));
  return { addresses: addresses as Record<Door, string>, key, hash };
}

function wrong(key: string, expected: string, found: unknown): TypeError {
  const text = JSON.stringify(found) ?? "nothing";
  return new TypeError(
    `Cannot use the connection file: ${key}: expected ${expected}, found ${text}`,
  );
}
