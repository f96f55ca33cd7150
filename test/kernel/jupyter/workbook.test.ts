import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fromNotebook, toNotebook } from "../../../src/workbook/index.ts";
import { startSimile } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/folder.ts";

/** Debian's own Python has Debian's packages, whatever other Python comes first. */
const python = ["/usr/bin/python3", "python3"].find(
  (name) => spawnSync(name, ["-c", "import nbconvert"]).status === 0,
);

const workbook = `---
title: A workbook in Jupyter
---

Prose, and a control that no kernel can run.

\`\`\`ts {#controls}
const n = view(Inputs.range());
\`\`\`

\`\`\`ts {#a kernel}
const a: number = await Promise.resolve(41);
signal.throwIfAborted();
a + 1
\`\`\`

\`\`\`ts {#b kernel tags=last}
\`b \${a}\`
\`\`\`
`;

test.skipIf(!python)(
  "nbconvert executes a converted workbook's kernel cells, and it converts back to the same bytes (skipped: no nbconvert)",
  async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "workbook.ipynb");
    writeFileSync(path, toNotebook(workbook));
    expect((await startSimile(["kernel", "install", "--prefix", folder])).status).toBe(0);
    const execute = ["-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", path];
    const { status, stderr } = spawnSync(python!, execute, {
      env: { ...process.env, JUPYTER_PATH: join(folder, "share", "jupyter") },
      encoding: "utf8",
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const executed = readFileSync(path, "utf8");
    const { cells } = JSON.parse(executed) as {
      cells: { outputs?: { data?: Record<string, string[]> }[] }[];
    };
    const shown = cells.flatMap(({ outputs = [] }) => outputs.map(({ data }) => data));
    expect(shown.map((data) => [data?.["text/plain"]].flat().join(""))).toEqual(["42", "'b 41'"]);
    expect(fromNotebook(executed)).toEqual({ text: workbook, notes: [] });
  },
);
