const name = "[\\p{ID_Start}$_][\\p{ID_Continue}$]*";
const single = new RegExp(
  `^(?:async[ \\t]+)?(?:const|let|var|class|function)(?:[ \\t]*\\*)?[ \\t]+(${name})`,
  "gmu",
);
const several =
  /^(?:(?:const|let|var)\s*[{[]([^;]*?)[}\]]\s*=(?![=>])|import\s*\{([^}]*)\}\s*from\b)/gm;
const bound = new RegExp(`^\\s*(?:\\.\\.\\.|${name}\\s*(?::|\\bas\\b)\\s*)?(${name})`, "u");

/**
 * The names that an invalid source probably declares at its top level, so that cells that read them
 * can say that they wait for it. Only used until the cell was valid once.
 */
export function guessDeclarations(source: string): string[] {
  const names = Array.from(source.matchAll(single), ([, found]) => found!);
  for (const [, variables, imports] of source.matchAll(several)) {
    for (const part of (variables ?? imports ?? "").split(",")) {
      const found = bound.exec(part.replace(/^\s*type\s+(?=\S)/, ""));
      if (found) names.push(found[1]!);
    }
  }
  return [...new Set(names)];
}
