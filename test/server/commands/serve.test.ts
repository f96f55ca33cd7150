import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { installation } from "../../../server/installation.ts";
import type { Serving } from "../support/serving.ts";
import { Visitor } from "../support/visitor.ts";

const cli = join(installation, "dist", "cli.js");
const workbook = "# A\n\n```ts {#k kernel}\nconst k = process.pid;\n```\n\n```ts {#b}\nk\n```\n";

beforeAll(() => {
  const built = spawnSync(process.execPath, [
    "--input-type=module",
    "-e",
    `import { buildIfStale } from ${JSON.stringify(join(installation, "server/bootstrap/build.mjs"))};
     await buildIfStale();`,
  ]);
  expect(built.stderr.toString()).toBe("");
}, 60_000);

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  readonly ended: Promise<number | null>;
  url(): Promise<URL>;
}

function start(args: readonly string[], environment: Record<string, string> = {}): Started {
  const state = mkdtempSync(join(tmpdir(), "simile-state-"));
  const child = spawn(process.execPath, [cli, "serve", ...args], {
    env: { ...process.env, SIMILE_STATE: state, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const url = async () => {
    await expect.poll(() => output, { timeout: 10_000 }).toMatch(/token=\S+\n/);
    return new URL(/http:\/\/\S+/.exec(output)![0]);
  };
  return { child, output: () => output, errors: () => errors, ended, url };
}

function root(): string {
  const folder = mkdtempSync(join(tmpdir(), "simile-root-"));
  writeFileSync(join(folder, "a.md"), workbook);
  return folder;
}

/** What tests in memory know of a server, from its printed URL. */
async function entered(url: URL): Promise<Serving> {
  const exchanged = await fetch(url, { redirect: "manual" });
  const cookie = exchanged.headers.get("set-cookie")!.split(";")[0]!;
  return { origin: url.origin, cookie } as Serving;
}

test("it prints one URL, on loopback, and serves there", async () => {
  const { child, output, url, ended } = start([root(), "--port", "0", "--no-open"]);
  const address = await url();
  expect(output().match(/https?:\/\/\S+/g)).toHaveLength(1);
  expect(address.hostname).toBe("127.0.0.1");
  expect(address.searchParams.get("token")).toMatch(/^[\w-]{43}$/);
  const { origin, cookie } = await entered(address);
  const listed = await fetch(`${origin}/api/workbooks`, { headers: { cookie } });
  expect(await listed.json()).toMatchObject({ workbooks: [{ path: "a.md", title: "A" }] });
  const page = await fetch(`${origin}/`, { headers: { cookie } });
  expect(await page.text()).toContain("/client/main.js");
  for (const file of ["main.js", "style.css", "katex/katex.min.css", "icon.svg"]) {
    const answer = await fetch(`${origin}/client/${file}`, { headers: { cookie } });
    expect([file, answer.status]).toEqual([file, 200]);
  }
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
});

test.for(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s ends it, its kernels and their pages, with status 0",
  async (signal) => {
    const { child, url, ended } = start(["--root", root(), "--port", "0", "--no-open"]);
    const visitor = await Visitor.connect(await entered(await url()), "a.md");
    await visitor.next("workbook");
    visitor.send({ type: "run" });
    visitor.request("k");
    const { values } = await visitor.next("result");
    const kernel = values!["k"] as number;
    expect(() => process.kill(kernel, 0)).not.toThrow();
    const closed = new Promise((resolve) => visitor.socket.once("close", resolve));
    child.kill(signal);
    expect(await ended).toBe(0);
    expect(await closed).toBe(1001);
    await expect.poll(() => isRunning(kernel)).toBe(false);
  },
);

test("a server that is killed leaves no kernel behind", async () => {
  const { child, url, ended } = start([root(), "--port", "0", "--no-open"]);
  const visitor = await Visitor.connect(await entered(await url()), "a.md");
  visitor.socket.on("error", () => {});
  await visitor.next("workbook");
  visitor.send({ type: "run" });
  visitor.request("k");
  const kernel = (await visitor.next("result")).values!["k"] as number;
  child.kill("SIGKILL");
  await ended;
  await expect.poll(() => isRunning(kernel), { timeout: 5_000 }).toBe(false);
});

test("a port in use is an error that names it", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void taken.close());
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port } = taken.address() as { port: number };
  const { errors, ended } = start([root(), "--port", String(port), "--no-open"]);
  expect(await ended).toBe(1);
  expect(errors()).toBe(
    `Cannot serve on port ${port}: another program uses it; name a free one with --port\n`,
  );
});

test.for<[readonly string[], string]>([
  [["--port", "70000"], "Cannot use --port 70000: expected a whole number from 0 to 65535"],
  [["--port", "x"], "Cannot use --port x: expected a whole number from 0 to 65535"],
  [["--port"], "Cannot read --port"],
  [["--verbose"], "Unknown flag --verbose: expected one of --port, --root, --no-open"],
  [["a", "b"], 'Unexpected argument "b"'],
  [["a", "--root", "b"], "Cannot serve two folders: give FOLDER or --root, not both"],
])("%j: %s", async ([args, message]) => {
  const { errors, ended } = start(args);
  expect(await ended).toBe(2);
  expect(errors()).toContain(message);
});

test("a memory cap that is no size is an error that says so", async () => {
  const { ended, errors } = start(["--no-open"], { SIMILE_MEMORY: "lots" });
  expect(await ended).toBe(1);
  expect(errors()).toContain(
    'Cannot use SIMILE_MEMORY: expected a size of at least 256 MB such as 4GB, found "lots"',
  );
});

test("a folder that is none is an error that names it", async () => {
  const { errors, ended } = start(["/nowhere/at/all", "--no-open"]);
  expect(await ended).toBe(1);
  expect(errors()).toBe("Cannot serve /nowhere/at/all: there is no such folder\n");
});

test.skipIf(process.platform !== "linux")(
  "the browser is opened with a token that is good once, not with the printed one",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "simile-open-"));
    const opened = join(folder, "opened");
    const browser = join(folder, "browser");
    writeFileSync(browser, `#!/bin/sh\nprintf %s "$1" > ${opened}\n`, { mode: 0o755 });
    const { url, child, ended } = start([root(), "--port", "0"], { BROWSER: browser });
    const printed = await url();
    await expect.poll(() => existsSync(opened) && readFileSync(opened, "utf8")).toMatch(/^http/);
    const address = new URL(readFileSync(opened, "utf8"));
    expect(address.origin).toBe(printed.origin);
    expect(address.searchParams.get("token")).not.toBe(printed.searchParams.get("token"));
    const statuses = [];
    for (const tried of [address, address, printed, printed]) {
      statuses.push((await fetch(tried, { redirect: "manual" })).status);
    }
    expect(statuses).toEqual([303, 401, 303, 303]);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  },
);

test("without a browser to open it serves all the same", async () => {
  const { url, child, ended, errors } = start([root(), "--port", "0"], { PATH: "/nowhere" });
  expect((await fetch(await url(), { redirect: "manual" })).status).toBe(303);
  await expect.poll(errors).toMatch("The browser did not open");
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Linux: what has ended but was waited for by nobody is still in the table, as a zombie.
    const status = `/proc/${pid}/status`;
    return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, "utf8"));
  } catch {
    return false;
  }
}
