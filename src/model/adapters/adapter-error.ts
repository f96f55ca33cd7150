/** Thrown when weights do not fit an adapter, or a description is not an adapter. */
export class AdapterError extends Error {
  override readonly name = "AdapterError";
}
