/**
 * A cell's source as it stands between `<script>` and `</script>`: every line that is not empty indented by
 * four spaces, and what would end the script, or keep it from ending, with a backslash more. As Notebook
 * Kit 2.1.8 writes it, but for three things that it loses: lines of white space keep it, `</script/` and a
 * final `</script` are escaped too, and so is `<!--` where `<script` follows it, which would make a browser
 * read on past the end of the cell. Those two Notebook Kit reads with the backslash.
 *
 * @param newline what ends the lines before and after the source
 */
export function encodeScript(source: string, newline = "\n"): string {
  const guarded = isGuarded(source) ? source.replace(/<(?=\\*!--)/g, "<\\") : source;
  const escaped = guarded.replace(/<(?=\\*\/script(?:[\s/>]|$))/gi, "<\\");
  const lines = escaped.replace(/(^|\r\n|\n|\r)(?=[^\n\r])/g, "$1    ");
  // After a CR, an LF would be half of one line end, not another.
  const end = source.endsWith("\r") ? "\r" : newline;
  return `${newline}${lines}${end}  `;
}

/** A cell's source, and how many characters of `text` stand before its first line. */
export interface DecodedScript {
  readonly source: string;
  readonly skipped: number;
}

/** The source that `text` between `<script>` and `</script>` stands for; line ends are kept. */
export function decodeScript(text: string): DecodedScript {
  const [first = ""] = /^[^\S\n\r]*(?:\r\n|\n|\r)/.exec(text) ?? [];
  const rest = text.slice(first.length);
  const source = rest
    .replace(/(?:^|\r\n|\n|\r)[^\S\n\r]*$/, "")
    .replace(/(^|\r\n|\n|\r) {4}/g, "$1")
    .replace(/<\\(?=\\*\/script(?:[\s/>]|$))/gi, "<");
  return {
    source: isGuarded(source) ? source.replace(/<\\(?=\\*!--)/g, "<") : source,
    skipped: first.length,
  };
}

/**
 * Whether `<script` follows on a `<!--` that is not closed before, backslashes in `<\!--` not counted: a
 * source and its escaped form are both guarded or both not, so that the escape can be undone.
 */
function isGuarded(source: string): boolean {
  const text = source.replace(/<\\+(?=!--)/g, "<");
  const script = /<script(?=[\s/>]|$)/gi;
  let open = text.indexOf("<!--");
  for (let at = -1; open >= 0; ) {
    if (at < open) {
      script.lastIndex = open;
      at = script.exec(text)?.index ?? -1;
      if (at < 0) return false;
    }
    const close = text.indexOf("-->", open + 2);
    if (close < 0 || at < close) return true;
    open = text.indexOf("<!--", close);
  }
  return false;
}
