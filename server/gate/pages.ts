/** The page a person sees who came without the token. It names no path and no secret. */
export function refusalPage(status: number, reason: string): string {
  const isStranger = status === 401;
  const why = isStranger
    ? "Simile was started again since, or has not let this browser in yet."
    : `${reason}.`;
  return document(
    "Simile",
    `<h1>${isStranger ? "Open the printed address" : "Refused"}</h1>
<p>${why}</p>
<p>Open the address that <code>npm start</code> printed in its terminal: it carries the token that lets
this browser in. Tabs that are open then go on by themselves.</p>`,
  );
}

/**
 * Sends a browser that came from another site on to `path`. A redirect would not do: its request would
 * still count as cross-site, and the browser would hold back the cookie just set.
 *
 * @param path of this server, as judged by the gate
 */
export function onwardPage(path: string): string {
  return document("Simile", "<p>One moment …</p>", path);
}

function document(title: string, body: string, refresh?: string): string {
  const onward = refresh && `<meta http-equiv="refresh" content="0;url=${escapeHtml(refresh)}">\n`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
${onward ?? ""}<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
:root { color-scheme: light dark }
html { background: light-dark(#fdfdfb, #16191d); color: light-dark(#20242a, #dfe2e5) }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 14vh auto; padding: 0 1rem }
h1 { font: 600 2.25rem/1.2 charter, Georgia, "DejaVu Serif", serif; letter-spacing: -0.018em }
</style>
${body}
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
