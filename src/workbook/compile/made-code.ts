import type ts from "typescript";
import type { Edit } from "./rewrite.ts";

/*
 * TypeScript that is not erased but makes code: enums and parameter properties. Every part of the code
 * made stands on the line of what it is made of.
 */

/** The edits that turn a declaration of an enum into one of a constant. */
export function enumEdits(
  typescript: typeof ts,
  node: ts.EnumDeclaration,
  file: ts.SourceFile,
): readonly Edit[] {
  const name = node.name.text;
  const exported = node.modifiers?.find(({ kind }) => kind === typescript.SyntaxKind.ExportKeyword);
  const start = exported ? exported.end + 1 : node.getStart(file);
  const open = node.members.pos;
  const last = node.members.at(-1);
  const names = new Set(node.members.map((member) => keyOf(typescript, member.name, file)));
  const body = node.members.map((member, index): Edit => {
    const key = keyOf(typescript, member.name, file);
    const before = node.members[index - 1];
    const own = `${name}[${JSON.stringify(key)}]`;
    const given = member.initializer;
    const value = given
      ? withMembers(typescript, given, { name, names, file })
      : before
        ? `${name}[${JSON.stringify(keyOf(typescript, before.name, file))}]+1`
        : "0";
    const isText = given !== undefined && typescript.isStringLiteralLike(given);
    const text = isText
      ? `${own}=${value}`
      : `typeof(${own}=${value})=="string"||(${name}[${own}]=${JSON.stringify(key)})`;
    return { range: [member.getStart(file), member.end], text };
  });
  const end = node.end - 1;
  const afterLast = last?.end ?? open;
  const rest = file.text.slice(afterLast, end);
  const comma = rest.indexOf(",");
  return [
    { range: [start, open], text: `const ${name}=(${name}=>{` },
    ...body,
    ...(last && comma >= 0
      ? [{ range: [afterLast + comma, afterLast + comma + 1] as const, text: "" }]
      : []),
    { range: [end, node.end], text: `;return ${name}})({});` },
  ];
}

function keyOf(typescript: typeof ts, name: ts.PropertyName, file: ts.SourceFile): string {
  return typescript.isIdentifier(name) || typescript.isStringLiteralLike(name)
    ? name.text
    : name.getText(file);
}

/** The text of a member's value, in which the enum's own members are known by their bare names. */
function withMembers(
  typescript: typeof ts,
  value: ts.Expression,
  { name, names, file }: { name: string; names: ReadonlySet<string>; file: ts.SourceFile },
): string {
  const start = value.getStart(file);
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (typescript.isIdentifier(node) && names.has(node.text)) found.push(node);
    if (typescript.isPropertyAccessExpression(node)) visit(node.expression);
    else typescript.forEachChild(node, visit);
  };
  visit(value);
  return found.reduceRight(
    (text, node) => {
      const at = node.getStart(file) - start;
      return `${text.slice(0, at)}${name}.${text.slice(at)}`;
    },
    file.text.slice(start, value.end),
  );
}

/**
 * The edits that make a constructor assign a parameter with modifiers, the same for each of these: behind
 * its call of `super` when there is one.
 */
export function parameterEdits(
  typescript: typeof ts,
  modifier: ts.Node,
  file: ts.SourceFile,
): readonly Edit[] | undefined {
  const parameter = modifier.parent;
  if (!typescript.isParameter(parameter) || !typescript.isIdentifier(parameter.name))
    return undefined;
  const { body } = parameter.parent as ts.ConstructorDeclaration;
  if (!body) return undefined;
  const superCall = body.statements.find(
    (statement) =>
      typescript.isExpressionStatement(statement) &&
      typescript.isCallExpression(statement.expression) &&
      statement.expression.expression.kind === typescript.SyntaxKind.SuperKeyword,
  );
  const at = superCall?.end ?? body.getStart(file) + 1;
  const name = parameter.name.text;
  return [
    { range: [parameter.getStart(file), parameter.name.getStart(file)], text: "" },
    { range: [at, at], text: `;this.${name}=${name};` },
  ];
}
