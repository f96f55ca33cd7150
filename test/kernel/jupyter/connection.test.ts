import { expect, test } from "vitest";
import { readConnection } from "../../../kernel/jupyter/connection.ts";

const file = {
  shell_port: 1,
  control_port: 2,
  iopub_port: 3,
  stdin_port: 4,
  hb_port: 65_535,
  ip: "127.0.0.1",
  key: "secret",
  transport: "tcp",
  signature_scheme: "hmac-sha512",
};

const read = (changes: object = {}) => readConnection(JSON.stringify({ ...file, ...changes }));

test("a connection file says where the doors are, and what signs", () => {
  expect(read()).toEqual({
    addresses: {
      shell: "tcp://127.0.0.1:1",
      control: "tcp://127.0.0.1:2",
      iopub: "tcp://127.0.0.1:3",
      stdin: "tcp://127.0.0.1:4",
      heartbeat: "tcp://127.0.0.1:65535",
    },
    key: "secret",
    hash: "sha512",
  });
});

test("what it need not say: TCP, SHA-256, no key", () => {
  const { addresses, key, hash } = read({
    transport: undefined,
    signature_scheme: undefined,
    key: undefined,
  });
  expect([addresses.shell, key, hash]).toEqual(["tcp://127.0.0.1:1", "", "sha256"]);
});

test("files as doors", () => {
  expect(read({ transport: "ipc", ip: "/run/k" }).addresses.shell).toBe("ipc:///run/k-1");
});

test.for<[object, string]>([
  [{ transport: "udp" }, 'transport: expected tcp or ipc, found "udp"'],
  [{ ip: "" }, 'ip: expected a text, found ""'],
  [{ ip: undefined }, "ip: expected a text, found nothing"],
  [{ key: 5 }, "key: expected a text, found 5"],
  [{ signature_scheme: "sha256" }, 'signature_scheme: expected hmac and a hash, found "sha256"'],
  [{ hb_port: 0 }, "hb_port: expected a port, found 0"],
  [{ hb_port: 65_536 }, "hb_port: expected a port, found 65536"],
  [{ iopub_port: "3" }, 'iopub_port: expected a port, found "3"'],
  [{ stdin_port: 4.5 }, "stdin_port: expected a port, found 4.5"],
])("%j is refused", ([changes, problem]) => {
  expect(() => read(changes)).toThrow(new TypeError(`Cannot use the connection file: ${problem}`));
});

test("what is no JSON, or no object, is refused", () => {
  expect(() => readConnection("{")).toThrow(/^Cannot read the connection file: /);
  for (const text of ["null", "5", "[]"]) {
    expect(() => readConnection(text)).toThrow("ip: expected a text, found nothing");
  }
});
