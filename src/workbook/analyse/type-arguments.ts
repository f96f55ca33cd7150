import { type Token, tokTypes as t } from "acorn";

/** Tokens that may stand between the `<` and `>` of type arguments. */
const within = new Set([
  ...[t.name, t.num, t.string, t.template, t.backQuote, t.dollarBraceL],
  ...[t.bracketL, t.bracketR, t.braceL, t.braceR, t.parenL, t.parenR],
  ...[t.comma, t.semi, t.colon, t.dot, t.ellipsis, t.question, t.arrow],
  ...[t.bitwiseOR, t.bitwiseAND, t.plusMin, t.relational, t.bitShift],
  ...[t._typeof, t._null, t._void, t._this, t._true, t._false, t._extends, t._in, t._new],
  ...[t._import, t._function],
]);

/**
 * Whether JavaScript may mean something else as TypeScript: `f<a>(b)` is a call with type arguments
 * there and two comparisons here. True for any `<` that a `>` follows, with what may be types between
 * and a parenthesis, a template or a new line after.
 */
export function mayHaveTypeArguments(source: string, tokens: readonly Token[]): boolean {
  return tokens.some((token, at) => isOpen(source, token) && closes(source, tokens, at));
}

function closes(source: string, tokens: readonly Token[], open: number): boolean {
  let angles = 0;
  let brackets = 0;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (!within.has(token.type)) return false;
    if (token.type === t.parenL || token.type === t.bracketL || opensBrace(token)) brackets++;
    else if (token.type === t.parenR || token.type === t.bracketR || token.type === t.braceR) {
      if (--brackets < 0) return false;
    } else if (token.type === t.semi && brackets === 0) return false;
    else if (isOpen(source, token)) angles++;
    else if (token.type === t.relational || token.type === t.bitShift) {
      if (!/^>+$/.test(source.slice(token.start, token.end))) return false;
      angles -= token.end - token.start;
      if (angles < 0) return false;
      if (angles === 0 && brackets === 0) {
        const next = tokens[at + 1];
        if (!next || next.type === t.parenL || next.type === t.backQuote) return true;
        if (/[\n\r\u2028\u2029]/.test(source.slice(token.end, next.start))) return true;
      }
    }
  }
  return false;
}

function isOpen(source: string, token: Token): boolean {
  return token.type === t.relational && source.slice(token.start, token.end) === "<";
}

function opensBrace(token: Token): boolean {
  return token.type === t.braceL || token.type === t.dollarBraceL;
}
