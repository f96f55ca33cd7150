/** One value by MIME type: texts, JSON values, bytes. Has "text/plain" at least. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** Something shown, and the name by which it can be shown anew. */
export interface ShownBundle {
  readonly display: string;
  readonly bundle: MimeBundle;
}
