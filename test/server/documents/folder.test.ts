import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { isInside, largestWorkbook, WorkbookFolder } from "../../../server/documents/folder.ts";

const top = realpathSync(mkdtempSync(join(tmpdir(), "simile-folder-")));
const root = join(top, "root");
let folder: WorkbookFolder;

beforeAll(async () => {
  for (const path of ["root/deep/er", "root-secret", "outside"]) {
    mkdirSync(join(top, path), { recursive: true });
  }
  const files = {
    "root/a.md": "A",
    "root/deep/er/b c.md": "B",
    "root/note.txt": "text",
    "root/notebook.html": "<!doctype html>\n<!-- x -->\n<notebook>\n</notebook>\n",
    "root/page.html": "<!doctype html><p><notebook></p>",
    "root/.hidden.md": "hidden",
    "root-secret/s.md": "secret",
    "outside/s.md": "secret",
    "outside/secret.txt": "secret",
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(top, path), text);
  symlinkSync(join(top, "outside"), join(root, "out"));
  symlinkSync(join(top, "outside", "s.md"), join(root, "s.md"));
  symlinkSync("note.txt", join(root, "text.md"));
  symlinkSync("a.md", join(root, "same.md"));
  symlinkSync("a.md", join(root, "other.html"));
  symlinkSync("../root-secret", join(root, "sibling"));
  symlinkSync("loop.md", join(root, "loop.md"));
  mkdirSync(join(root, "folder.md"));
  folder = await WorkbookFolder.open(root);
});

test.for<[string, string]>([
  ["a.md", "A"],
  ["deep/er/b c.md", "B"],
  ["same.md", "A"],
])("%s is read", async ([path, text]) => {
  expect((await folder.read(path)).text).toBe(text);
});

test("of pages in HTML only those that hold a notebook are workbooks", async () => {
  expect((await folder.read("notebook.html")).text).toContain("<notebook>");
  await expect(folder.read("page.html")).rejects.toThrow(
    "Cannot open page.html: it is no Observable notebook",
  );
  const found = ["notebook.html", "page.html", "a.md", "none.html", "../outside/s.md", "note.txt"];
  expect(await Promise.all(found.map((path) => folder.holds(path)))).toEqual([
    ...[true, false, true, false, false, false],
  ]);
});

test("a served folder may itself be reached by a link", async () => {
  symlinkSync(root, join(top, "link"));
  const linked = await WorkbookFolder.open(join(top, "link"));
  expect((await linked.read("a.md")).file).toBe(join(root, "a.md"));
});

describe("no path leads out", () => {
  test.for([
    "../outside/s.md",
    "deep/../../outside/s.md",
    "deep/../a.md",
    "./a.md",
    "deep//er/b c.md",
    "a.md/",
    "/a.md",
    "/etc/passwd.md",
    `${root}/a.md`,
    "..\\outside\\s.md",
    "deep\\er\\b c.md",
    "C:/a.md",
    "c:a.md",
    "//host/share/a.md",
    "\\\\host\\share\\a.md",
    "\\\\?\\C:\\a.md",
    "a.md\0.txt",
    "a\0.md",
    "a\n.md",
    ".hidden.md",
    ".git/config.md",
    "../root-secret/s.md",
    "note.txt",
    "",
    ".md",
    `${"x/".repeat(600)}a.md`,
  ])("%j is no path of a workbook", async (path) => {
    await expect(folder.read(path)).rejects.toThrow(
      "expected the path of a .md or .html file under the served folder",
    );
  });

  test.for(["%2e%2e/outside/s.md", "%252e%252e/outside/s.md", "..%2foutside%2fs.md", "a.md%00.md"])(
    "%j is a name, not an encoding, and there is none such",
    async (path) => {
      // "..%2f" begins with a dot, so it is no path at all.
      await expect(folder.read(path)).rejects.toThrow(/no such file|expected the path/);
    },
  );

  test.for(["out/s.md", "s.md", "text.md", "other.html", "sibling/s.md"])(
    "%s is a link out, or to another kind of file",
    async (path) => {
      await expect(folder.read(path)).rejects.toThrow(
        `Cannot open ${path}: it leads out of the served folder`,
      );
    },
  );

  test("a sibling whose name begins like the root is outside", () => {
    expect(isInside("/data", "/data-secret/x.md")).toBe(false);
    expect(isInside("/data", "/data/..x.md")).toBe(true);
    expect(isInside("/data", "/data")).toBe(false);
    expect(isInside("/", "/x.md")).toBe(true);
  });

  test("a folder swapped for a link while files are read never gives what is outside", async () => {
    const real = join(root, "swap");
    mkdirSync(real);
    writeFileSync(join(real, "s.md"), "inside");
    symlinkSync(join(top, "outside"), join(root, "swap-link"));
    let swapping = true;
    const attacker = (async () => {
      while (swapping) {
        renameSync(real, join(root, "swap-real"));
        renameSync(join(root, "swap-link"), real);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
        renameSync(real, join(root, "swap-link"));
        renameSync(join(root, "swap-real"), real);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
      }
    })();
    const seen = new Set<string>();
    const until = performance.now() + 300;
    while (performance.now() < until) {
      seen.add(
        await folder.read("swap/s.md").then(
          ({ text }) => text,
          () => "refused",
        ),
      );
    }
    swapping = false;
    await attacker;
    expect(seen).not.toContain("secret");
    expect(seen).toContain("inside");
  });
});

describe("what cannot be read is said", () => {
  test("absent", async () => {
    await expect(folder.read("none.md")).rejects.toThrow(
      "Cannot open none.md: there is no such file",
    );
    await expect(folder.read("loop.md")).rejects.toThrow(
      "Cannot open loop.md: there is no such file",
    );
  });

  test("a folder", async () => {
    await expect(folder.read("folder.md")).rejects.toThrow(
      "Cannot open folder.md: it is not a file",
    );
  });

  test.skipIf(process.platform === "win32")("a pipe, without waiting for its writer", async () => {
    execFileSync("mkfifo", [join(root, "pipe.md")]);
    await expect(folder.read("pipe.md")).rejects.toThrow("Cannot open pipe.md: it is not a file");
  });

  test("too large", async () => {
    writeFileSync(join(root, "large.md"), Buffer.alloc(largestWorkbook + 1, "a"));
    await expect(folder.read("large.md")).rejects.toThrow(
      "Cannot open large.md: expected at most 4194304 bytes, found 4194305",
    );
  });

  test("not UTF-8", async () => {
    writeFileSync(join(root, "latin.md"), Buffer.from([0x61, 0xe9, 0x62]));
    await expect(folder.read("latin.md")).rejects.toThrow(
      "Cannot open latin.md: it is not UTF-8 text",
    );
  });

  test.skipIf(process.getuid?.() === 0)("without permission", async () => {
    writeFileSync(join(root, "closed.md"), "x", { mode: 0o000 });
    await expect(folder.read("closed.md")).rejects.toThrow(
      "Cannot open closed.md: permission denied",
    );
  });

  test("a root that is none", async () => {
    const none = join(top, "none");
    await expect(WorkbookFolder.open(none)).rejects.toThrow(
      `Cannot serve ${none}: there is no such folder`,
    );
    const file = join(root, "a.md");
    await expect(WorkbookFolder.open(file)).rejects.toThrow(
      `Cannot serve ${file}: it is not a folder`,
    );
  });
});
