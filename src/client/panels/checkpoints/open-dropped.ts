/** Larger files are no workbooks. */
const largest = 4 * 1024 * 1024;

/**
 * Keeps a copy of a workbook beside another one, and opens it. Nothing is overwritten.
 *
 * @param beside path of the other workbook, under the root
 * @throws {Error} with the reason when it cannot be kept
 */
export async function openDropped(file: File, beside: string): Promise<void> {
  if (file.size > largest) {
    throw new Error(
      `Cannot open ${file.name}: expected at most ${largest} bytes, found ${file.size}`,
    );
  }
  const path = [...beside.split("/").slice(0, -1), file.name].join("/");
  const answer = await fetch("/api/workbooks/new", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ path, text: await file.text() }),
  });
  if (!answer.ok) throw new Error((await answer.text()).trim());
  location.assign(`/w/${path.split("/").map(encodeURIComponent).join("/")}`);
}
