import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { WorkbookFolder } from "../../../server/documents/folder.ts";
import { listWorkbooks } from "../../../server/documents/listing.ts";

async function folderOf(files: Readonly<Record<string, string | Buffer>>): Promise<WorkbookFolder> {
  const root = mkdtempSync(join(tmpdir(), "simile-listing-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return WorkbookFolder.open(root);
}

test("workbooks are listed by path with title and summary; data, packages and hidden files are not", async () => {
  const folder = await folderOf({
    "b.md": "---\ntitle: B\nsummary: About b.\n---\n",
    "a.md": "# A heading\n",
    "deep/er/c.md": "---\ntitle: C\n---\n",
    "data/d.md": "",
    "node_modules/x/README.md": "",
    ".git/e.md": "",
    ".hidden.md": "",
    "notes.txt": "",
  });
  const { workbooks, truncated } = await listWorkbooks(folder);
  expect(workbooks.map(({ path }) => path)).toEqual(["a.md", "b.md", "deep/er/c.md"]);
  expect(workbooks[1]).toMatchObject({ path: "b.md", title: "B", summary: "About b." });
  expect(workbooks[2]?.title).toBe("C");
  expect(truncated).toBeUndefined();
});

test("Markdown in which nothing is to be run is told from workbooks", async () => {
  const cell = "```ts {#a}\n1\n```\n";
  const folder = await folderOf({
    "book.md": `# A\n\n${cell}`,
    "far.md": `# Far\n\n${"A line.\n".repeat(20_000)}\n${cell}`,
    "README.md": "# A package\n\n```ts\nimport x from 'x';\n```\n",
    "format.md": `# How it is written\n\n\`\`\`\`md\n${cell}\`\`\`\`\n`,
    "page.html": "<notebook><title>P</title></notebook>",
    // Just made: there is nothing in it yet but its title.
    "new.md": "# New\n",
    "empty.md": "",
    "words.md": "# Words\n\nAnd more.\n",
  });
  const { workbooks } = await listWorkbooks(folder);
  expect(workbooks.flatMap(({ path, document }) => (document ? [path] : []))).toEqual([
    "README.md",
    "format.md",
    "words.md",
  ]);
});

test("notebooks in HTML are listed like workbooks, other pages not at all", async () => {
  const folder = await folderOf({
    "a.html": "<!doctype html>\n<notebook>\n  <title>A &amp; B</title>\n</notebook>\n",
    "b.html":
      '<notebook><meta name="summary" content="About b."><script type="text/markdown"># B</script>',
    "report.html": "<!doctype html><html><body><p>&lt;notebook></p><script>'<notebook>'</script>",
    "c.html": Buffer.from([0xff]),
  });
  expect((await listWorkbooks(folder)).workbooks).toEqual([
    { path: "a.html", title: "A & B", summary: "" },
    { path: "b.html", title: "B", summary: "About b." },
  ]);
});

test("a file that cannot be read is listed with the reason, and hides no other", async () => {
  const folder = await folderOf({ "a.md": Buffer.from([0xff]), "b.md": "---\ntitle: B\n---\n" });
  mkdirSync(join(folder.root, "c.md"));
  symlinkSync("/etc/hostname", join(folder.root, "d.md"));
  expect((await listWorkbooks(folder)).workbooks).toEqual([
    { path: "a.md", title: "a", summary: "", error: "Cannot open a.md: it is not UTF-8 text" },
    { path: "b.md", title: "B", summary: "", document: true },
    {
      path: "d.md",
      title: "d",
      summary: "",
      error: "Cannot open d.md: it leads out of the served folder",
    },
  ]);
});

test("a root with more than there is room for is cut, and says so", async () => {
  const names = Array.from({ length: 501 }, (_, index) => `${String(index).padStart(3, "0")}.md`);
  const folder = await folderOf(Object.fromEntries(names.map((name) => [name, ""])));
  const { workbooks, truncated } = await listWorkbooks(folder);
  expect(workbooks.map(({ path }) => path)).toEqual(names.slice(0, 500));
  expect(truncated).toBe(true);
});

test("folders nested without end are not followed without end", async () => {
  const folder = await folderOf({
    [`${"x/".repeat(7)}in.md`]: "",
    [`${"x/".repeat(9)}out.md`]: "",
  });
  symlinkSync(".", join(folder.root, "self"));
  const { workbooks } = await listWorkbooks(folder);
  expect(workbooks.map(({ path }) => path)).toEqual([`${"x/".repeat(7)}in.md`]);
});
