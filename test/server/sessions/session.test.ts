import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ServingOptions, serving } from "../support/serving.ts";
import { Visitor, wait } from "../support/visitor.ts";

const text = "# A\n\ntext\n";

async function opened(options: ServingOptions = {}) {
  const served = await serving({ files: { "a.md": text }, trusted: [text], ...options });
  const visitor = await Visitor.connect(served, "a.md");
  await visitor.next("kernel");
  return { served, visitor };
}

describe("trust", () => {
  test("opening starts a kernel for a trusted workbook with kernel cells, and for no other", async () => {
    const kernelText = "```ts {#echo kernel}\nconst a = 1;\n```\n";
    const files = { "a.md": kernelText };
    const untrusted = await opened({ files, trusted: [] });
    const without = await opened();
    const { visitor } = await opened({ files, trusted: [kernelText] });
    await visitor.next("kernel", ({ state }) => state === "ready");
    expect(visitor.all("run")).toEqual([]);
    for (const other of [untrusted.visitor, without.visitor]) {
      expect(other.all("kernel")).toEqual([{ type: "kernel", state: "none" }]);
    }
    untrusted.visitor.send({ type: "run" });
    await untrusted.visitor.next("kernel", ({ state }) => state === "ready");
  });

  test("a workbook that was never run is shown, and nothing runs", async () => {
    const { visitor } = await opened({ trusted: [] });
    expect(visitor.all("workbook")[0]).toMatchObject({
      trusted: false,
      cause: "open",
      path: "a.md",
    });
    visitor.request("echo");
    expect((await visitor.next("refused")).message).toBe(
      "Cannot run: this workbook has not been run before; run it to trust it",
    );
    visitor.send({ type: "restart" });
    await visitor.next("refused");
    expect(visitor.all("kernel")).toEqual([{ type: "kernel", state: "none" }]);
  });

  test("run trusts it, for every page, and for pages and servers to come", async () => {
    const { served, visitor } = await opened({ trusted: [] });
    const other = await Visitor.connect(served, "a.md");
    await other.next("kernel");
    visitor.send({ type: "run" });
    for (const page of [visitor, other]) {
      const notice = await page.next("workbook");
      expect(notice).toMatchObject({ cause: "trust", trusted: true, changed: [], removed: [] });
    }
    other.request("echo", { a: 1 });
    expect((await other.next("result")).values).toEqual({ a: 1 });
    const later = await Visitor.connect(served, "a.md");
    expect((await later.next("workbook")).trusted).toBe(true);
  });

  test("a state folder that cannot be written is said; the workbook runs all the same", async () => {
    const { served, visitor } = await opened({ trusted: [] });
    rmSync(join(served.root, "..", "state"), { recursive: true });
    writeFileSync(join(served.root, "..", "state"), "a file in the folder's place");
    visitor.send({ type: "run" });
    expect((await visitor.next("refused")).message).toMatch(
      /^Cannot remember that this workbook was run: /,
    );
    visitor.request("echo");
    await visitor.next("result");
    writeFileSync(join(served.root, "a.md"), `${text}\nmore\n`);
    expect(await visitor.next("workbook")).toMatchObject({ cause: "disk", trusted: true });
    await visitor.next("refused");
  });

  test("what is edited while open stays trusted; what is edited unseen does not", async () => {
    const { served, visitor } = await opened({ idleMilliseconds: 0 });
    writeFileSync(join(served.root, "a.md"), `${text}\nmore\n`);
    expect(await visitor.next("workbook")).toMatchObject({ cause: "disk", trusted: true });
    await visitor.close();
    await wait(50);
    const again = await Visitor.connect(served, "a.md");
    expect((await again.next("workbook")).trusted).toBe(true);
    await again.close();
    await wait(50);
    writeFileSync(join(served.root, "a.md"), `${text}\nunseen\n`);
    const later = await Visitor.connect(served, "a.md");
    expect((await later.next("workbook")).trusted).toBe(false);
  });
});

describe("the file changes on disk", () => {
  test("only what changed is told", async () => {
    const files = { "a.md": "one\n\n<!-- cell #two -->\ntwo\n" };
    const { served, visitor } = await opened({ files });
    const [first, second] = visitor.all("workbook")[0]!.order;
    writeFileSync(join(served.root, "a.md"), files["a.md"].replace("two\n", "2\n"));
    const notice = await visitor.next("workbook");
    expect(notice).toMatchObject({ cause: "disk", order: [first, second], removed: [] });
    expect(notice.changed.map(({ id, source }) => [id, source])).toEqual([[second, "2"]]);
  });

  test("a change made while the workbook is being opened is not missed", async () => {
    const served = await serving({ files: { "a.md": text } });
    for (const delay of [0, 2, 4, 8, 16, 32]) {
      const path = `${delay}.md`;
      writeFileSync(join(served.root, path), text);
      const visitor = await Visitor.connect(served, path);
      await wait(delay);
      writeFileSync(join(served.root, path), `${text}\nlast words\n`);
      await expect.poll(() => JSON.stringify(visitor.heard)).toContain("last words");
    }
  });

  test("a write of the same text is told nobody", async () => {
    const { served, visitor } = await opened();
    writeFileSync(join(served.root, "a.md"), text);
    await wait(200);
    expect(visitor.all("workbook")).toHaveLength(1);
  });

  test("a file that is deleted leaves its cells, and is read again when it is back", async () => {
    const { served, visitor } = await opened();
    rmSync(join(served.root, "a.md"));
    expect(await visitor.next("file")).toEqual({
      type: "file",
      problem: "Cannot open a.md: there is no such file",
      gone: true,
    });
    const late = await Visitor.connect(served, "a.md");
    expect((await late.next("refused")).message).toBe("Cannot open a.md: there is no such file");
    writeFileSync(join(served.root, "a.md"), "# back\n");
    expect(await visitor.next("file")).toEqual({ type: "file" });
    expect((await visitor.next("workbook")).changed).toHaveLength(1);
  });

  test("a file that is emptied for a moment while it is saved is not shown empty", async () => {
    const { served, visitor } = await opened();
    writeFileSync(join(served.root, "a.md"), "");
    await wait(120);
    writeFileSync(join(served.root, "a.md"), `${text}\nmore\n`);
    expect((await visitor.next("workbook")).order).not.toEqual([]);
    await wait(400);
    expect(visitor.all("workbook")).toHaveLength(2);
  });

  test("a link to another workbook in its place is not taken for it", async () => {
    const { served, visitor } = await opened({ files: { "a.md": text, "b.md": "# B\n" } });
    rmSync(join(served.root, "a.md"));
    symlinkSync("b.md", join(served.root, "a.md"));
    expect((await visitor.next("file")).problem).toBe(
      "Cannot show a.md: it now is a link to another file",
    );
    expect(visitor.all("workbook")).toHaveLength(1);
  });

  test("a link that now leads out is not followed", async () => {
    const { served, visitor } = await opened();
    writeFileSync(join(served.root, "..", "secret.md"), "secret");
    rmSync(join(served.root, "a.md"));
    symlinkSync("../secret.md", join(served.root, "a.md"));
    expect((await visitor.next("file")).problem).toMatch("leads out of the served folder");
    expect(JSON.stringify(visitor.heard)).not.toContain('secret"');
  });
});

describe("pages leave", () => {
  test("the kernel ends a while after the last one, not before", async () => {
    const { served, visitor } = await opened({ idleMilliseconds: 200 });
    const other = await Visitor.connect(served, "a.md");
    visitor.request("pid");
    const { pid } = (await visitor.next("result")).values as { pid: number };
    await visitor.close();
    await wait(300);
    expect(() => process.kill(pid, 0)).not.toThrow();
    await other.close();
    await wait(100);
    expect(() => process.kill(pid, 0)).not.toThrow();
    await expect.poll(() => hasEnded(pid)).toBe(true);
  });

  test("a kernel that computes is left to it", async () => {
    const { served, visitor } = await opened({ idleMilliseconds: 50 });
    visitor.request("loop");
    await visitor.next("log");
    await visitor.close();
    await wait(200);
    const back = await Visitor.connect(served, "a.md");
    expect((await back.next("kernel")).state).toBe("busy");
  });
});

/** Whether a process has ended; one that nobody has waited for is still in the table. */
function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
