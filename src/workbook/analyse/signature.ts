import type { Expression, Program } from "acorn";
import { hash } from "../hash.ts";

/** Hash of a syntax tree without its positions: comments, format and redundant parentheses are not in it. */
export function signatureOf(root: Expression | Program): string {
  return hash(JSON.stringify(root, plain));
}

function plain(key: string, value: unknown): unknown {
  if (key === "start" || key === "end" || key === "raw") return undefined;
  // As text, or 1e999 would be null and 1n no JSON at all.
  if (typeof value === "bigint" || typeof value === "number") return `${typeof value} ${value}`;
  return withoutParentheses(value);
}

function withoutParentheses(value: unknown): unknown {
  const node = value as { type?: unknown; expression?: unknown } | null | undefined;
  return node?.type === "ParenthesizedExpression" ? withoutParentheses(node.expression) : value;
}
