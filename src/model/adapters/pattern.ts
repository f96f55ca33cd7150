/** True when `name` matches one of the patterns, in which `*` stands for any run of characters. */
export function matchesAny(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(name, pattern.split("*")));
}

/** Pieces in their order, each at the first place it can have: linear, whatever the pattern. */
function matches(name: string, [first, ...others]: readonly string[]): boolean {
  const last = others.pop();
  if (first === undefined || last === undefined) return name === first;
  const end = name.length - last.length;
  if (!name.startsWith(first) || !name.endsWith(last) || end < first.length) return false;
  let at = first.length;
  for (const piece of others) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

/** The index with which `pattern` is `name` where it has `{n}`; undefined when there is none. */
export function indexIn(name: string, pattern: string): number | undefined {
  const start = pattern.indexOf("{n}");
  if (start < 0 || !name.startsWith(pattern.slice(0, start))) return undefined;
  // Nine digits at most: more are no index but a number of another kind.
  for (let end = start + 1; end <= Math.min(name.length, start + 9); end++) {
    const digits = name.slice(start, end);
    if (!/^\d+$/.test(digits)) return undefined;
    if (pattern.replaceAll("{n}", digits) === name) return Number(digits);
  }
  return undefined;
}
