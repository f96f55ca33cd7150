/** A test's title, which says what is missing only where the test is skipped for it. */
export function titled(title: string, present: boolean, missing: string): string {
  return present ? title : `${title} (skipped: no ${missing})`;
}
