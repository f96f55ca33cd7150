import type { NewCell } from "../../../editing/index.ts";

/**
 * A kernel cell that opens checkpoints.
 *
 * @param path folder of a series, or file, under the root
 * @param workbook path of the workbook, under the root
 * @param names that are taken
 */
export function openingCell(
  kind: "series" | "file",
  path: string,
  workbook: string,
  names: ReadonlySet<string>,
): NewCell {
  const [open, name] =
    kind === "series" ? ["openSeries", "series"] : ["openCheckpoint", "checkpoint"];
  const from = JSON.stringify(relativePath(workbook, path));
  const free = freeName(name!, names);
  const source = `import { ${open} } from "simile";\n\nconst ${free} = await ${open}(${from});`;
  return { kind: "kernel", source };
}

/** The path from a workbook's folder to another path under the same root. */
export function relativePath(workbook: string, path: string): string {
  const from = workbook.split("/").slice(0, -1);
  const to = path === "" ? [] : path.split("/");
  let same = 0;
  while (same < from.length && same < to.length && from[same] === to[same]) same++;
  const parts = [...from.slice(same).map(() => ".."), ...to.slice(same)];
  return parts.join("/") || ".";
}

function freeName(name: string, names: ReadonlySet<string>): string {
  if (!names.has(name)) return name;
  let number = 2;
  while (names.has(name + number)) number++;
  return name + number;
}
