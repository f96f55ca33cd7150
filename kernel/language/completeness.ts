export type Completeness =
  | { readonly status: "complete" | "invalid" }
  | { readonly status: "incomplete"; readonly indent: string };

/** TypeScript's numbers for a comment and a template that never end: the next line may end them. */
const spanning: readonly number[] = [1010, 1160];
/** Its numbers for a string and a regular expression that never end: no next line can end them. */
const broken: readonly number[] = [1002, 1161];

/** Whether code can be executed as it stands, wants more lines, or makes no sense whatever follows. */
export async function completeness(code: string): Promise<Completeness> {
  const { default: ts } = await import("typescript");
  const { diagnostics = [] } = ts.transpileModule(code, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
  });
  const [first] = diagnostics;
  if (!first) return { status: "complete" };
  // What is missed where the text ends, may follow.
  const atEnd = (first.start ?? 0) >= code.trimEnd().length && !broken.includes(first.code);
  if (!atEnd && !spanning.includes(first.code)) return { status: "invalid" };
  const last = code.split("\n").at(-1)!;
  const indent = /^\s*/.exec(last)![0] + (/[{([]\s*$/.test(last) ? "  " : "");
  return { status: "incomplete", indent };
}
