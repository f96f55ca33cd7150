/** `source` as fenced code, the fence longer than any inside it. */
export function fenced(source: string, info = ""): string {
  const longest = Math.max(2, ...Array.from(source.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${info}\n${source}${source === "" ? "" : "\n"}${fence}`;
}

/** Text without blank lines before and after it. */
export function withoutBlankEnds(text: string): string {
  const upTo = text.trimEnd();
  if (upTo === "") return "";
  const [restOfLine] = /^[^\n\r]*/.exec(text.slice(upTo.length))!;
  return (upTo + restOfLine).replace(/^(?:[^\S\n\r]*(?:\r\n|\n|\r))+/, "");
}
