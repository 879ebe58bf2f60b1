/** The files of the console: the build makes them, and they are next to the bundle, not in it. */

export interface ConsoleFiles {
  /** The page that loads the rest. */
  readonly index: string;
  /** By name, compressed with gzip. A hash of the content is in each name, so that browsers may keep them forever. */
  readonly assets: ReadonlyMap<string, Uint8Array>;
}

/** Reads them when they are first needed: a cold start does without. @throws {Error} when the build did not make them */
export type ReadConsoleFiles = () => Promise<ConsoleFiles>;
