/** How records become the bytes of a file, in one process or in several. */
import type { ExportedRecord } from './record-pages.ts';

/** Each method returns the bytes that follow in the file, which may be none yet. */
export interface FileEncoder {
  begin(): Buffer;
  add(record: ExportedRecord): Promise<Buffer>;
  end(): Buffer;
  /**
   * What a later encoder needs to continue here; undefined if nothing. Whenever that happens, the file has the same
   * bytes. It may hold the last records, so it is as confidential as they are.
   */
  state(): string | undefined;
}

export interface FileForm {
  readonly mediaType: string;
  /** Whether the file contains the exact texts. */
  readonly withTexts: boolean;
  /** Differences from the delivered records, in words. */
  readonly alterations: readonly string[];
  /**
   * Undefined when another version of the app wrote the state: the file must begin again.
   * @param state of an earlier encoder; undefined at the beginning of the file
   */
  readonly open: (state: string | undefined) => Promise<FileEncoder | undefined>;
}
