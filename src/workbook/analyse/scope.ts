import type { AnyNode, Expression, Identifier, Pattern, Program } from "acorn";
import { childrenOf } from "./syntax.ts";

/** What a cell reads and writes that it does not declare. */
export interface Free {
  /** Every use of a free name, in the order of the walk. */
  readonly references: readonly Identifier[];
  /** Those that are written: `x = 1`, `x++`, `[x] = …`, `for (x of …)`. */
  readonly assignments: readonly Identifier[];
  /** Whether the cell awaits outside of any function. */
  readonly awaits: boolean;
  /** Each `import.meta`. */
  readonly metas: readonly AnyNode[];
}

type Of<Type extends string> = Extract<AnyNode, { type: Type }>;
type FunctionNode = Of<"FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression">;

/** Finds the free names of a cell by the scoping rules of strict JavaScript. */
export function freeOf(root: Expression | Program): Free {
  const walk = new Walk();
  if (root.type === "Program") {
    const scope = new Scope();
    varsOf(root, scope.names);
    declare(root.body, scope.names);
    for (const statement of root.body) walk.node(statement, scope);
  } else walk.node(root, new Scope());
  return walk;
}

/** The names that a pattern binds, in order. */
export function namesOf(pattern: Pattern): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        namesOf(property.type === "RestElement" ? property : property.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element ? namesOf(element) : []));
    case "AssignmentPattern":
      return namesOf(pattern.left);
    case "RestElement":
      return namesOf(pattern.argument);
    default:
      return [];
  }
}

/** The names that the statements of one block declare for it (`var` too, which does no harm). */
function declare(statements: readonly AnyNode[], into: Set<string>): void {
  for (const statement of statements) {
    switch (statement.type) {
      case "VariableDeclaration":
        for (const { id } of statement.declarations) for (const name of namesOf(id)) into.add(name);
        break;
      case "FunctionDeclaration":
      case "ClassDeclaration":
        if (statement.id) into.add(statement.id.name);
        break;
      case "ImportDeclaration":
        for (const { local } of statement.specifiers) into.add(local.name);
        break;
    }
  }
}

/** The names that `var` declares anywhere below, outside of inner functions. */
function varsOf(node: AnyNode, into: Set<string>): void {
  if (isFunction(node) || node.type === "StaticBlock") return;
  if (node.type === "VariableDeclaration" && node.kind === "var") {
    for (const { id } of node.declarations) for (const name of namesOf(id)) into.add(name);
  }
  for (const child of childrenOf(node)) varsOf(child, into);
}

class Scope {
  readonly names = new Set<string>();
  readonly #outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  has(name: string): boolean {
    return this.names.has(name) || (this.#outer?.has(name) ?? false);
  }
}

class Walk implements Free {
  readonly references: Identifier[] = [];
  readonly assignments: Identifier[] = [];
  readonly metas: AnyNode[] = [];
  awaits = false;
  #functions = 0;

  node(node: AnyNode, scope: Scope): void {
    switch (node.type) {
      case "Identifier":
        if (!scope.has(node.name)) this.references.push(node);
        return;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        this.#function(node, scope);
        return;
      case "ClassDeclaration":
      case "ClassExpression":
        this.#class(node, scope);
        return;
      case "BlockStatement":
      case "StaticBlock":
        this.#block(node, scope);
        return;
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement": {
        if (node.type === "ForOfStatement" && node.await) this.#await();
        const inner = new Scope(scope);
        const left = node.type === "ForStatement" ? node.init : node.left;
        if (left) declare([left], inner.names);
        if (left && node.type !== "ForStatement" && left.type !== "VariableDeclaration") {
          this.#pattern(left, inner, true);
        } else if (left) this.node(left, inner);
        for (const child of childrenOf(node)) if (child !== left) this.node(child, inner);
        return;
      }
      case "SwitchStatement": {
        this.node(node.discriminant, scope);
        const inner = new Scope(scope);
        for (const { consequent } of node.cases) declare(consequent, inner.names);
        for (const branch of node.cases) this.#children(branch, inner);
        return;
      }
      case "CatchClause": {
        const inner = new Scope(scope);
        if (node.param) {
          for (const name of namesOf(node.param)) inner.names.add(name);
          this.#pattern(node.param, inner, false);
        }
        this.node(node.body, inner);
        return;
      }
      case "VariableDeclaration":
        if (node.kind === "await using") this.#await();
        for (const { id, init } of node.declarations) {
          this.#pattern(id, scope, false);
          if (init) this.node(init, scope);
        }
        return;
      case "AssignmentExpression":
        this.#pattern(node.left, scope, true);
        this.node(node.right, scope);
        return;
      case "UpdateExpression":
        this.#pattern(node.argument, scope, true);
        return;
      case "MemberExpression":
        this.node(node.object, scope);
        if (node.computed) this.node(node.property, scope);
        return;
      case "Property":
      case "MethodDefinition":
      case "PropertyDefinition":
        if (node.computed) this.node(node.key, scope);
        if (node.value) this.#member(node.value, scope, node.type === "PropertyDefinition");
        return;
      case "LabeledStatement":
        this.node(node.body, scope);
        return;
      case "MetaProperty":
        if (node.meta.name === "import") this.metas.push(node);
        return;
      case "AwaitExpression":
        this.#await();
        this.#children(node, scope);
        return;
      case "BreakStatement":
      case "ContinueStatement":
      case "ImportDeclaration":
        return;
      default:
        this.#children(node, scope);
    }
  }

  #children(node: AnyNode, scope: Scope): void {
    for (const child of childrenOf(node)) this.node(child, scope);
  }

  #await(): void {
    if (this.#functions === 0) this.awaits = true;
  }

  /** A field's value runs as a method of its own, when an instance is made. */
  #member(value: AnyNode, scope: Scope, field: boolean): void {
    if (field) this.#functions++;
    this.node(value, scope);
    if (field) this.#functions--;
  }

  #block(node: Of<"BlockStatement" | "StaticBlock">, scope: Scope): void {
    const inner = new Scope(scope);
    if (node.type === "StaticBlock") {
      for (const statement of node.body) varsOf(statement, inner.names);
    }
    declare(node.body, inner.names);
    this.#children(node, inner);
  }

  #function(node: FunctionNode, scope: Scope): void {
    this.#functions++;
    // A named function expression knows its own name, outside of its parameters.
    const named = new Scope(scope);
    if (node.type === "FunctionExpression" && node.id) named.names.add(node.id.name);
    const params = new Scope(named);
    if (node.type !== "ArrowFunctionExpression") params.names.add("arguments");
    for (const param of node.params) for (const name of namesOf(param)) params.names.add(name);
    for (const param of node.params) this.#pattern(param, params, false);
    // Defaults of parameters do not see the body's declarations.
    const body = new Scope(params);
    if (node.body.type === "BlockStatement") {
      for (const statement of node.body.body) varsOf(statement, body.names);
    }
    this.node(node.body, body);
    this.#functions--;
  }

  #class(node: Of<"ClassDeclaration" | "ClassExpression">, scope: Scope): void {
    const inner = new Scope(scope);
    if (node.id) inner.names.add(node.id.name);
    if (node.superClass) this.node(node.superClass, inner);
    this.node(node.body, inner);
  }

  /** A target: its names are bound or assigned, all else in it (defaults, keys) is read. */
  #pattern(pattern: AnyNode, scope: Scope, assigned: boolean): void {
    switch (pattern.type) {
      case "Identifier":
        if (!assigned || scope.has(pattern.name)) return;
        this.references.push(pattern);
        this.assignments.push(pattern);
        return;
      case "ObjectPattern":
        for (const property of pattern.properties) {
          if (property.type === "RestElement") this.#pattern(property, scope, assigned);
          else {
            if (property.computed) this.node(property.key, scope);
            this.#pattern(property.value, scope, assigned);
          }
        }
        return;
      case "ArrayPattern":
        for (const element of pattern.elements)
          if (element) this.#pattern(element, scope, assigned);
        return;
      case "AssignmentPattern":
        this.#pattern(pattern.left, scope, assigned);
        this.node(pattern.right, scope);
        return;
      case "RestElement":
        this.#pattern(pattern.argument, scope, assigned);
        return;
      case "ParenthesizedExpression":
        this.#pattern(pattern.expression, scope, assigned);
        return;
      default:
        this.node(pattern, scope);
    }
  }
}

function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression"
  );
}
