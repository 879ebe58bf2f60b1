/** A file on its way to an import: uploaded in parts, so that every request is small and can be repeated. */
import { UnreadableFileError } from './errors.ts';

/** Of one part: it is held in memory while it arrives. */
export const maxPartBytes = 4 * 1024 * 1024;
/** Of one upload: 4 GiB. */
export const maxParts = 1024;

/** Names an upload: the caller chose the id. */
export interface UploadKey {
  readonly tenantId: string;
  readonly uploadId: string;
}

/** The parts of uploads, numbered from 1. Those that nothing is done with are deleted by storage after some days. */
export interface ImportUploads {
  /**
   * Keeps a part; the same again is success.
   * @returns false, with nothing written, if the upload already has another part of this number
   */
  put(upload: UploadKey, part: number, body: Buffer): Promise<boolean>;
  /** Sizes in bytes, by number. */
  parts(upload: UploadKey): Promise<ReadonlyMap<number, number>>;
  /** Undefined when there is no such part. */
  read(upload: UploadKey, part: number): Promise<AsyncIterable<Buffer> | undefined>;
  /** Deletes all parts; deleting them again is success. */
  remove(upload: UploadKey): Promise<void>;
}

/** Where a part is, below the container. */
export function partName(upload: UploadKey, part: number): string {
  return `${uploadPrefix(upload)}${String(part).padStart(4, '0')}`;
}

/** Begins the names of all parts. */
export function uploadPrefix({ tenantId, uploadId }: UploadKey): string {
  return `tenant=${tenantId}/${uploadId.toLowerCase()}/`;
}

/** The whole file. @throws UnreadableFileError when a part is gone */
export async function* readUpload(
  uploads: Pick<ImportUploads, 'read'>,
  upload: UploadKey,
  parts: number,
): AsyncGenerator<Buffer> {
  for (let part = 1; part <= parts; part++) {
    const body = await uploads.read(upload, part);
    if (body === undefined) throw new UnreadableFileError(`lost its part ${part} meanwhile: upload it again`);
    yield* body;
  }
}
