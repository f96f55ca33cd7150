import type { SeriesNews } from "../../../protocol/index.ts";

/**
 * What the server tells of a series, as it comes: the description, then the audit with its progress.
 *
 * @throws {Error} when the server refuses, or the connection breaks
 * @throws the signal's reason when it aborts; the server stops reading then
 */
export async function* seriesNews(folder: string, signal: AbortSignal): AsyncGenerator<SeriesNews> {
  const answer = await fetch(`/api/series?folder=${encodeURIComponent(folder)}`, { signal });
  if (!answer.ok || !answer.body) throw new Error((await answer.text()).trim());
  let rest = "";
  const decoder = new TextDecoder();
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + decoder.decode(value, { stream: !done })).split("\n");
    rest = done ? "" : (lines.pop() ?? "");
    for (const line of lines) if (line !== "") yield JSON.parse(line) as SeriesNews;
    if (done) return;
  }
}
