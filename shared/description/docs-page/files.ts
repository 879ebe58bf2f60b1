/** The files that the docs page loads: the build makes them, and they are next to the bundle, not in it. */

export interface DocsFiles {
  /** Hash of the content. It is in their addresses, so that browsers may keep them forever. */
  readonly version: string;
  /** Both compressed with gzip. */
  readonly script: Uint8Array;
  readonly style: Uint8Array;
}

/** Reads them when they are first needed: a cold start does without. @throws {Error} when the build did not make them */
export type ReadDocsFiles = () => Promise<DocsFiles>;
