import type ts from "typescript";
import type { Problem } from "../analyse/syntax.ts";
import { type Edit, inOrder, type Rewritten, rewrite } from "./rewrite.ts";

/*
 * A namespace with values becomes an object and a block: `namespace N { export const a = 1 }` is made into
 * `let N={};{        const a = 1;N.a=a;}`, which needs no more room than what was there. What is exported is
 * set as soon as it is declared, in its block a name keeps its meaning, and a variable that may change is read
 * and written through a property of the object. A second block of the same name, or one behind a class, a
 * function or an enum of that name, adds to what there is.
 */

/** One list of statements: of a file, or of a block of a namespace. */
interface Level {
  readonly statements: readonly ts.Statement[];
  /** Where the list ends: what is due is set there. */
  readonly end: number;
  /** What has the exports of the block: undefined for a file. */
  readonly owner?: string;
  /** The owner's name from the top, e.g. `N.M`. */
  readonly path: string;
}

/**
 * TypeScript without namespaces that hold values, on the same lines; undefined when there are none.
 *
 * @returns the code, or why a namespace in it cannot be made into code
 */
export function withoutNamespaces(
  typescript: typeof ts,
  file: ts.SourceFile,
): Rewritten | Problem | undefined {
  if (!file.statements.some((statement) => isNamespace(typescript, statement))) return undefined;
  const lowering = new Lowering(typescript, file);
  lowering.level({ statements: file.statements, end: file.end, path: "" });
  return lowering.problem ?? rewrite(file.text, inOrder(lowering.edits));
}

/** A namespace that holds values, at whatever depth. */
function isNamespace(typescript: typeof ts, node: ts.Node): node is ts.ModuleDeclaration {
  return (
    typescript.isModuleDeclaration(node) &&
    typescript.isIdentifier(node.name) &&
    (node.flags & typescript.NodeFlags.GlobalAugmentation) === 0 &&
    !has(node, typescript.SyntaxKind.DeclareKeyword) &&
    node.body !== undefined &&
    holdsValues(typescript, node.body)
  );
}

function holdsValues(typescript: typeof ts, body: ts.Node): boolean {
  if (typescript.isModuleDeclaration(body)) return isNamespace(typescript, body);
  if (!typescript.isModuleBlock(body)) return false;
  return body.statements.some((statement) =>
    typescript.isModuleDeclaration(statement)
      ? isNamespace(typescript, statement)
      : !typescript.isInterfaceDeclaration(statement) &&
        !typescript.isTypeAliasDeclaration(statement),
  );
}

function has(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return modifiersOf(node).some((modifier) => modifier.kind === kind);
}

function modifiersOf(node: ts.Node): readonly ts.ModifierLike[] {
  return (node as { modifiers?: readonly ts.ModifierLike[] }).modifiers ?? [];
}

class Lowering {
  readonly edits: Edit[] = [];
  problem: Problem | undefined;
  readonly #ts: typeof ts;
  readonly #file: ts.SourceFile;
  /** Names that the blocks of a namespace before this one export, by its path. */
  readonly #exported = new Map<string, Set<string>>();

  constructor(typescript: typeof ts, file: ts.SourceFile) {
    this.#ts = typescript;
    this.#file = file;
  }

  level({ statements, end, owner, path }: Level): void {
    const ts = this.#ts;
    // Functions are there from the beginning of their block.
    const declared = new Set(
      statements.flatMap((one) =>
        ts.isFunctionDeclaration(one) && one.body && one.name ? [one.name.text] : [],
      ),
    );
    let due = "";
    for (const statement of statements) {
      const isExported = owner !== undefined && has(statement, ts.SyntaxKind.ExportKeyword);
      if (isNamespace(ts, statement)) {
        this.#namespace(statement, {
          path,
          isMerged: declared.has(statement.name.text),
          ...(isExported && { owner }),
        });
        declared.add(statement.name.text);
      } else if (ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)) {
        if (statement.name) declared.add(statement.name.text);
      }
      if (owner === undefined) continue;
      this.#inside(statement);
      if (!isExported) continue;
      if (!isNamespace(ts, statement)) this.#unexport(statement);
      for (const { name, isVariable } of this.#exportsOf(statement)) {
        this.#exported.get(path)!.add(name);
        due += isVariable ? liveExport(owner, name) : `${owner}.${name}=${name};`;
      }
      if (due !== "" && this.#endsLine(statement.end)) {
        this.#insert(statement.end, `;${due}`);
        due = "";
      }
    }
    if (due !== "") this.#insert(end, `;${due}`);
  }

  #namespace(
    node: ts.ModuleDeclaration,
    { owner, path, isMerged }: { owner?: string; path: string; isMerged: boolean },
  ): void {
    const ts = this.#ts;
    const name = node.name.text;
    const own = path === "" ? name : `${path}.${name}`;
    const before = this.#exported.get(own);
    if (before) this.#refuseBare(node, before, own);
    else this.#exported.set(own, new Set());
    const made = isMerged
      ? ";{"
      : owner === undefined
        ? `let ${name}={};{`
        : `let ${name}=${owner}.${name}??={};{`;
    const exported = modifiersOf(node).find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    const start =
      exported && path === "" && !isMerged ? exported.end + 1 : node.getStart(this.#file);
    const { body } = node;
    if (body && ts.isModuleDeclaration(body)) {
      this.edits.push({ range: [start, body.getStart(this.#file)], text: made });
      this.#namespace(body, { owner: name, path: own, isMerged: false });
      this.#insert(node.end, "}");
    } else if (body && ts.isModuleBlock(body)) {
      this.edits.push({ range: [start, body.statements.pos], text: made });
      this.level({ statements: body.statements, end: body.end - 1, owner: name, path: own });
    }
  }

  /** What cannot be as it is in a block. */
  #inside(statement: ts.Statement): void {
    const ts = this.#ts;
    if (ts.isExportDeclaration(statement) || ts.isExportAssignment(statement)) {
      this.#refuse(
        statement,
        "A namespace exports only what it declares: write export in front of it",
      );
      return;
    }
    if (ts.isVariableStatement(statement) && this.#isVar(statement.declarationList)) {
      const start = statement.declarationList.getStart(this.#file);
      this.edits.push({ range: [start, start + 3], text: "let" });
    } else {
      this.#refuseVar(statement);
    }
  }

  #isVar(node: ts.Node): node is ts.VariableDeclarationList {
    return (
      this.#ts.isVariableDeclarationList(node) &&
      (node.flags & this.#ts.NodeFlags.BlockScoped) === 0
    );
  }

  /** A `var` further in would be one of the code around the namespace. */
  #refuseVar(node: ts.Node): void {
    const ts = this.#ts;
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
    if (this.#isVar(node)) {
      this.#refuse(node, "A namespace has no var inside of its statements: write let");
    }
    ts.forEachChild(node, (child) => this.#refuseVar(child));
  }

  /** Names that another block exports are known here by that block's namespace only. */
  #refuseBare(node: ts.ModuleDeclaration, names: ReadonlySet<string>, path: string): void {
    const ts = this.#ts;
    const own = new Set<string>();
    const declarations = (child: ts.Node): void => {
      const { name } = child as { name?: ts.Node };
      if (name && ts.isIdentifier(name) && isDeclaration(ts, child)) own.add(name.text);
      ts.forEachChild(child, declarations);
    };
    declarations(node);
    const uses = (child: ts.Node): void => {
      if (ts.isTypeNode(child) && !ts.isExpressionWithTypeArguments(child)) return;
      if (
        ts.isIdentifier(child) &&
        names.has(child.text) &&
        !own.has(child.text) &&
        isRead(ts, child)
      ) {
        this.#refuse(
          child,
          `${child.text} is of another block of the namespace: write ${path}.${child.text}`,
        );
      }
      ts.forEachChild(child, uses);
    };
    uses(node);
  }

  /** What a statement of a namespace exports; a variable may change later. */
  *#exportsOf(statement: ts.Statement): Iterable<{ name: string; isVariable: boolean }> {
    const ts = this.#ts;
    if (has(statement, ts.SyntaxKind.DeclareKeyword)) return;
    if (ts.isVariableStatement(statement)) {
      const { declarations, flags } = statement.declarationList;
      const isVariable = (flags & ts.NodeFlags.Const) === 0;
      for (const { name } of declarations) {
        for (const bound of this.#namesIn(name)) yield { name: bound, isVariable };
      }
      return;
    }
    const isMade =
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      (ts.isFunctionDeclaration(statement) && statement.body !== undefined);
    if (isMade && statement.name) yield { name: statement.name.text, isVariable: false };
  }

  *#namesIn(name: ts.BindingName): Iterable<string> {
    if (this.#ts.isIdentifier(name)) yield name.text;
    else {
      for (const element of name.elements) {
        if (this.#ts.isBindingElement(element)) yield* this.#namesIn(element.name);
      }
    }
  }

  #unexport(statement: ts.Statement): void {
    const word = modifiersOf(statement).find(
      ({ kind }) => kind === this.#ts.SyntaxKind.ExportKeyword,
    )!;
    this.edits.push({ range: [word.getStart(this.#file), word.end], text: "" });
  }

  /** Whether nothing whose column would be moved follows on the line. */
  #endsLine(end: number): boolean {
    return /^[ \t]*(?:\/\/.*)?(?:[\r\n\u2028\u2029]|$)/.test(this.#file.text.slice(end));
  }

  #insert(at: number, text: string): void {
    this.edits.push({ range: [at, at], text });
  }

  #refuse(node: ts.Node, message: string): void {
    this.problem ??= { message, offset: node.getStart(this.#file), isRefused: true };
  }
}

/** A property of `owner` that is a variable of the block. */
function liveExport(owner: string, name: string): string {
  const given = name === "$" ? "_" : "$";
  return `Object.defineProperty(${owner},"${name}",{get:()=>${name},set:${given}=>{${name}=${given}},enumerable:true,configurable:true});`;
}

function isDeclaration(typescript: typeof ts, node: ts.Node): boolean {
  return (
    typescript.isVariableDeclaration(node) ||
    typescript.isParameter(node) ||
    typescript.isBindingElement(node) ||
    typescript.isFunctionLike(node) ||
    typescript.isClassLike(node) ||
    typescript.isEnumDeclaration(node) ||
    typescript.isModuleDeclaration(node)
  );
}

/** Whether an identifier stands for a value, not for a member or a label. */
function isRead(typescript: typeof ts, node: ts.Identifier): boolean {
  const { parent } = node;
  if (typescript.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (typescript.isShorthandPropertyAssignment(parent)) return true;
  if (typescript.isBindingElement(parent)) return parent.initializer === node;
  const { name } = parent as { name?: ts.Node };
  return (
    name !== node &&
    !typescript.isLabeledStatement(parent) &&
    !typescript.isBreakOrContinueStatement(parent)
  );
}
