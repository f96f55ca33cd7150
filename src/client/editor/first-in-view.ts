/** Below the line at the top, in px. */
const topOfView = 64;

/** The first of some cells of which a part is in view or below it; the first of all when none is. */
export function firstInView(
  ids: readonly string[],
  element: (id: string) => Element | undefined,
): string | undefined {
  const isSeen = (id: string) => (element(id)?.getBoundingClientRect().bottom ?? 0) > topOfView;
  return ids.find(isSeen) ?? ids[0];
}
