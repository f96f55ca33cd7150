/**
 * Whether a name is offered for what was typed: letter after letter, in either case, of which each goes on
 * where the one before was, or begins a later word of the name. `simMat` is of `similarityMatrix`, `nope`
 * of no `NavigationPreloadManager`. Both sides of a question for completions go by it.
 */
export function isOffered(name: string, typed: string): boolean {
  const [letters, lower] = [typed.toLowerCase(), name.toLowerCase()];
  const starts = wordStarts(name);
  // Where the letters so far may have come to; few, as names are short.
  let reached = new Set([0]);
  for (const [place, letter] of [...letters].entries()) {
    const next = new Set<number>();
    for (const at of reached) {
      if (lower.startsWith(letter, at)) next.add(at + letter.length);
      if (place === 0) continue;
      for (const start of starts) {
        if (start > at && lower.startsWith(letter, start)) next.add(start + letter.length);
      }
    }
    reached = next;
  }
  return reached.size > 0;
}

/** Where the words of a name begin: at a capital after a small letter, after `_`, `$` or a digit, at a number. */
function wordStarts(name: string): readonly number[] {
  return Array.from(
    name.matchAll(/(?<=\p{Ll})\p{Lu}|\p{Lu}(?=\p{Ll})|(?<=[_$\d])\p{L}|(?<=[\p{L}_$])\d/gu),
    ({ index }) => index,
  );
}
