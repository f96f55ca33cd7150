/** Whether tags of a notebook's cell can stand in an attribute `tags=a,b`. */
export function isPlain(tags: readonly string[]): boolean {
  return tags.length > 0 && tags.every((tag) => /^[^\s,"'`{}]+$/.test(tag));
}
