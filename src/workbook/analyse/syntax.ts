import {
  type AnyNode,
  type Expression,
  type Options,
  type Program,
  parse,
  parseExpressionAt,
  type Token,
  tokenizer,
  tokTypes,
} from "acorn";

/** A cell's JavaScript as a tree: one expression, or a program. */
export interface Syntax {
  readonly root: Expression | Program;
  readonly tokens: readonly Token[];
}

/** A sentence about an offset of a source. */
export interface Problem {
  readonly message: string;
  readonly offset: number;
  /** The source is well formed, and something in it cannot be run. */
  readonly isRefused?: true;
}

const options: Options = {
  ecmaVersion: "latest",
  sourceType: "module",
  allowAwaitOutsideFunction: true,
  allowHashBang: false,
  preserveParens: true,
};

/**
 * Reads JavaScript as a cell: first as one expression to the end of the source, then as a program. A
 * named function or class is a program, because it declares.
 */
export function readJavaScript(source: string): Syntax | Problem {
  const expression = readExpression(source);
  if ("root" in expression) return expression;
  const tokens: Token[] = [];
  try {
    return { root: parse(source, { ...options, onToken: tokens }), tokens };
  } catch (error) {
    const problem = problemOf(error);
    // Of two readings that both fail, the one that got further is the one that was meant.
    return expression.offset > problem.offset ? expression : problem;
  }
}

function readExpression(source: string): Syntax | Problem {
  const tokens: Token[] = [];
  try {
    const root = parseExpressionAt(source, 0, { ...options, onToken: tokens });
    const rest = tokenizer(source.slice(root.end), options).getToken();
    if (rest.type !== tokTypes.eof) return { message: "Unexpected token", offset: -1 };
    const named = root.type === "FunctionExpression" || root.type === "ClassExpression";
    return named && root.id ? { message: "A declaration", offset: -1 } : { root, tokens };
  } catch (error) {
    return problemOf(error);
  }
}

function problemOf(error: unknown): Problem {
  if (!(error instanceof SyntaxError) || !("pos" in error)) throw error;
  return { message: error.message.replace(/ \(\d+:\d+\)$/, ""), offset: Number(error.pos) };
}

/** The nodes directly below `node`, in the order of the source. */
export function* childrenOf(node: AnyNode): Generator<AnyNode> {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) yield item;
    } else if (isNode(value)) yield value;
  }
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === "object" && value !== null && typeof Reflect.get(value, "type") === "string"
  );
}
