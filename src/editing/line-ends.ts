/**
 * A source with the ends of line that its file has. Lines that both begin with, and lines that both end
 * with, keep their own; what is new between them has those of the line before it.
 *
 * @param source with lines that end in `\n`
 * @param original the source as it was in the file; undefined when all its lines ended in `\n`, or it is new
 * @param end of a line in the rest of the file
 */
export function withLineEnds(source: string, original: string | undefined, end: string): string {
  if (original === undefined) return end === "\n" ? source : source.replaceAll("\n", end);
  const old = linesWithEnds(original);
  const now = source.split("\n");
  let first = 0;
  while (first < Math.min(old.length, now.length) && old[first]!.text === now[first]) first++;
  let last = 0;
  const most = Math.min(old.length, now.length) - first;
  while (last < most && old.at(-1 - last)!.text === now.at(-1 - last)) last++;
  const usual = old[0]?.end || end;
  return now
    .map((text, index) => {
      if (index === now.length - 1) return text;
      const same = index < first ? old[index] : old[index + old.length - now.length];
      const isSame = index < first || index >= now.length - last;
      return text + ((isSame && same?.end) || usual);
    })
    .join("");
}

function linesWithEnds(text: string): { readonly text: string; readonly end: string }[] {
  const parts = text.split(/(\r\n|\n|\r)/);
  return Array.from({ length: (parts.length + 1) / 2 }, (_, index) => ({
    text: parts[2 * index]!,
    end: parts[2 * index + 1] ?? "",
  }));
}
