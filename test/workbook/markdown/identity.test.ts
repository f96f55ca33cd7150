import { describe, expect, test } from "vitest";
import { parse } from "../../../src/workbook/index.ts";

const fence = "```";
const code = (source: string, info = "ts {#a}"): string => `${fence}${info}\n${source}\n${fence}\n`;

describe("identity", () => {
  const ids = (text: string): string[] => parse(text).cells.map((cell) => cell.id);

  test("an id made from content does not change when other cells do", () => {
    const cell = code("const a = 1", "ts {}");
    const [id] = ids(cell);
    expect(ids(`prose\n\n${code("other")}\n${cell}`)).toContain(id);
    expect(ids(`${code("const b = 2", "ts {kernel}")}${cell}`)).toContain(id);
  });

  test("cells of the same content are numbered", () => {
    const [first, second, third] = ids(code("1", "ts {}").repeat(3));
    expect([second, third]).toEqual([`${first}-2`, `${first}-3`]);
  });

  test("an id that the file states is given to no other cell", () => {
    const [made] = ids(code("1", "ts {}"));
    expect(ids(code("1", "ts {}") + code("2", `ts {#${made}}`))).toEqual([`${made}-2`, made]);
    expect(ids(code("1") + code("2") + code("3", "ts {#a-2}"))).toEqual(["a", "a-3", "a-2"]);
  });
});

describe("identity through an edit", () => {
  const one = (source: string): string => code(source, "ts {}");
  const before = parse(
    `intro\n\n${one("a")}middle\n\n${one("b")}${code("c", "ts {#named}")}${one("d")}`,
  );
  const [intro, a, middle, b, , d] = before.cells.map((cell) => cell.id);

  test.for<[name: string, text: string, ids: (string | undefined)[]]>([
    ["an edited cell", `intro\n\n${one("A")}middle\n\n${one("b")}`, [intro, a, middle, b]],
    ["two edited neighbours", `Intro\n\n${one("A")}middle\n\n${one("b")}`, [intro, a, middle, b]],
    ["a cell put before", `${one("x")}intro\n\n${one("a")}`, ["new", intro, a]],
    ["a cell put between", `intro\n\n${one("a")}${one("x")}middle\n\n`, [intro, a, "new", middle]],
    ["a cell taken out", `${one("a")}middle`, [a, middle]],
    ["a cell that changes sides", `intro\n\n${code("a", "ts {kernel}")}middle`, [intro, a, middle]],
    ["an edit behind a named cell", `${code("x", "ts {#named}")}${one("D")}`, ["named", d]],
    [
      "a cell that is given a name",
      `intro\n\n${code("a", "ts {#own}")}middle`,
      [intro, "own", middle],
    ],
    [
      "a name that was another's made id",
      `intro\n\n${one("a")}middle\n\n${code("y", `ts {#${a}}`)}`,
      [intro, "new", middle, a],
    ],
  ])("%s", ([, text, expected]) => {
    const known = new Set(before.cells.map((cell) => cell.id)).add("own");
    const after = parse(text, before).cells.map((cell) => cell.id);
    expect(after.map((id) => (known.has(id) ? id : "new"))).toEqual(expected);
    expect(new Set(after).size).toBe(after.length);
  });

  test("what a cell was given survives many edits", () => {
    let workbook = parse(`p\n\n${one("0")}q`);
    const id = workbook.cells[1]!.id;
    for (let n = 1; n < 5; n++) workbook = parse(`p${n}\n\n${one(String(n))}q`, workbook);
    expect(workbook.cells[1]!.id).toBe(id);
    // The id of the first content is still taken when that content comes back elsewhere.
    const again = parse(`p\n\n${one("9")}q\n\n${one("0")}`, workbook);
    expect(again.cells.map((cell) => cell.id).slice(1)).toEqual([id, expect.anything(), `${id}-2`]);
  });
});
