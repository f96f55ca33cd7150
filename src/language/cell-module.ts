import type { Outline } from "./outline.ts";

/** What a cell's module takes from others: names by the module that exports them. */
export type Taken = ReadonlyMap<string, readonly string[]>;

/** Part of a name under which a module keeps a value as others see it; never in a person's name. */
const settled = "ˑsettled";

/**
 * A cell as a TypeScript module: what it reads of others is imported on a line before the person's code,
 * what it declares is exported behind it.
 */
export class CellModule {
  readonly text: string;
  readonly #source: string;
  readonly #head: string;
  /** Places of the source behind which something is inserted, and how long that is, in order. */
  readonly #insertions: readonly { readonly at: number; readonly length: number }[];

  /** @param scope module that has the type `Settled`; without it promises are exported as they are */
  constructor(source: string, outline: Outline, taken: Taken, scope?: string) {
    this.#source = source;
    const imports = Array.from(
      taken,
      ([module, names]) => `import {${names.join(", ")}} from "${module}"; `,
    );
    // It ends its line, or a docstring at the start of the code would be taken for a part of it.
    this.#head = `${imports.join("")}\n${outline.parenthesised ? "(" : ""}`;
    const open = " as any[]";
    this.#insertions = outline.openArrays.map((at) => ({ at, length: open.length }));
    let code = "";
    let from = 0;
    for (const { at } of this.#insertions) {
      code += source.slice(from, at) + open;
      from = at;
    }
    code += source.slice(from);
    const end = outline.parenthesised ? "\n)\n" : "\n;\n";
    this.text = `${this.#head}${code}${end}${exportsOf(outline, scope)}`;
  }

  /** Place in the module of an offset of the source; between an insertion and what is before it. */
  place(offset: number): number {
    const inserted = this.#insertions
      .filter(({ at }) => at < offset)
      .reduce((sum, { length }) => sum + length, 0);
    return this.#head.length + offset + inserted;
  }

  /** Offset in the source of a place in the module; undefined for what is not the person's. */
  offset(place: number): number | undefined {
    let offset = place - this.#head.length;
    for (const { at, length } of this.#insertions) {
      if (offset <= at) break;
      offset = Math.max(at, offset - length);
    }
    return offset < 0 || offset > this.#source.length ? undefined : offset;
  }

  /** Place in the module where a name is imported from another; undefined when it is not. */
  placeOfImport(name: string): number | undefined {
    for (const [list] of this.#head.matchAll(/\{[^}]*\}/g)) {
      const names = list.slice(1, -1).split(", ");
      const index = names.indexOf(name);
      if (index < 0) continue;
      const before = names.slice(0, index).reduce((sum, other) => sum + other.length + 2, 0);
      return this.#head.indexOf(list) + 1 + before;
    }
    return undefined;
  }
}

/** What TypeScript tells of a value as others see it, by the name the person knows it by. */
export function withoutSettled(text: string): string {
  return text.replaceAll(settled, "");
}

function exportsOf({ declared }: Outline, scope: string | undefined): string {
  const byName = new Map(declared.map((one) => [one.name, one]));
  const named: string[] = [];
  const values: string[] = [];
  for (const { name, maySettle, docs } of byName.values()) {
    if (scope === undefined || !maySettle) named.push(name);
    else {
      const type = `import("${scope}").Settled<typeof ${name}>`;
      values.push(`${docs}\ndeclare const ${name}${settled}: ${type};`);
      named.push(`${name}${settled} as ${name}`);
    }
  }
  return `${values.join("\n")}\nexport {${named.join(", ")}};`;
}
