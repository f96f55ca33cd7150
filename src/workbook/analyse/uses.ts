import type { AnyNode, Expression, Program } from "acorn";
import { positionAt } from "../lines.ts";
import type { CellAnalysis, Position, Reference } from "../workbook.ts";
import { freeOf } from "./scope.ts";
import { childrenOf, readJavaScript } from "./syntax.ts";

/** A name, or a way of members from one, where a cell uses it: `Math.random()`, `new Date()`, `fetch`. */
export interface Use extends Position {
  /** Names joined by points; `"import"` for an import expression. */
  readonly path: string;
  readonly how: "read" | "call" | "new";
  /** Whether the first name is another's: no declaration of the cell. */
  readonly free: boolean;
  /** How many arguments are given. */
  readonly count: number;
  /** The first argument, when it is a text as it stands. */
  readonly text?: string;
}

/** What a valid cell uses and declares, with positions in its source. */
export interface Uses {
  /** Every use of a free name but below `typeof`, and every call of a name. */
  readonly uses: readonly Use[];
  /** Top-level declarations, each at its name. */
  readonly declared: readonly Reference[];
}

/** Looks through the code of a cell. Nothing is run. An analysis with an error uses nothing. */
export function usesOf({ code, error }: CellAnalysis): Uses {
  const syntax = error ? undefined : readJavaScript(code);
  if (!syntax || !("root" in syntax)) return { uses: [], declared: [] };
  const { root } = syntax;
  const free = new Set<AnyNode>(freeOf(root).references);
  const uses: Use[] = [];
  const add = (node: AnyNode, chain: Chain, how: Use["how"], given: readonly AnyNode[]): void => {
    const isFree = free.has(chain.root);
    if (how === "read" && !isFree) return;
    const text = given[0] && textOf(given[0]);
    uses.push({
      path: chain.path,
      how,
      free: isFree,
      count: given.length,
      ...(text !== undefined && { text }),
      ...positionAt(code, node.start),
    });
  };
  const visit = (node: AnyNode): void => {
    if (node.type === "UnaryExpression" && node.operator === "typeof") {
      if (node.argument.type !== "Identifier") visit(node.argument);
      return;
    }
    if (node.type === "ImportExpression") {
      add(node, { path: "import", root: node }, "call", [node.source]);
    }
    if (node.type === "CallExpression" || node.type === "NewExpression") {
      const chain = chainOf(node.callee);
      const how = node.type === "CallExpression" ? "call" : "new";
      if (chain) add(node, chain, how, node.arguments);
      else visit(node.callee);
      for (const argument of node.arguments) visit(argument);
      return;
    }
    const chain = chainOf(node);
    if (chain) add(node, chain, "read", []);
    else for (const child of childrenOf(node)) visit(child);
  };
  visit(root);
  return { uses, declared: declaredBy(root, code) };
}

interface Chain {
  readonly path: string;
  readonly root: AnyNode;
}

/** `a.b.c` as its names; undefined for anything else. */
function chainOf(node: AnyNode): Chain | undefined {
  if (node.type === "Identifier") return { path: node.name, root: node };
  if (node.type === "ParenthesizedExpression" || node.type === "ChainExpression") {
    return chainOf(node.expression);
  }
  if (node.type !== "MemberExpression" || node.property.type !== "Identifier" || node.computed) {
    return undefined;
  }
  const object = chainOf(node.object);
  return object && { path: `${object.path}.${node.property.name}`, root: object.root };
}

function textOf(node: AnyNode): string | undefined {
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  if (node.type !== "TemplateLiteral" || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

function declaredBy(root: Expression | Program, code: string): Reference[] {
  if (root.type !== "Program") return [];
  return root.body.flatMap((node) => {
    const names =
      node.type === "VariableDeclaration"
        ? node.declarations.flatMap(({ id }) => bound(id))
        : node.type === "ImportDeclaration"
          ? node.specifiers.map(({ local }) => local)
          : (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") && node.id
            ? [node.id]
            : [];
    return names.flatMap((name) =>
      name.type === "Identifier" ? [{ name: name.name, ...positionAt(code, name.start) }] : [],
    );
  });
}

/** The names in a pattern as nodes. */
function bound(pattern: AnyNode): AnyNode[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "Property":
      return bound(pattern.value);
    case "AssignmentPattern":
      return bound(pattern.left);
    default:
      return [...childrenOf(pattern)].flatMap(bound);
  }
}
