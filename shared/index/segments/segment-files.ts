/** The files of compacted months: written once, then read in pieces. */

export interface SegmentFiles {
  /** Begins a file; one of that name is replaced when the new one is closed. */
  create(name: string): SegmentFile;
  /** The bytes from `offset`, fewer at the end of the file; undefined if it does not exist. */
  read(name: string, offset: number, length: number): Promise<Buffer | undefined>;
  /** Names that begin with the prefix. */
  names(prefix: string): Promise<readonly string[]>;
  /** Succeeds if there is none. */
  remove(name: string): Promise<void>;
}

/** Does not exist before it is closed. */
export interface SegmentFile {
  append(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** All files of a tenant's month begin with it. */
export function monthFolder(tenantId: string, month: string): string {
  return `tenant=${tenantId}/month=${month}/`;
}

/** A file that a layout names does not exist: the layout was read before it changed, or storage lost the file. */
export class SegmentMissingError extends Error {
  override readonly name = 'SegmentMissingError';
}
