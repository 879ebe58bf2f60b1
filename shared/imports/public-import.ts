/** An import as answers show it. */
import { publicError, publicHistory, publicIdentity } from '../operations/public-operation.ts';
import {
  refusalReasons,
  refusedCount,
  type Import,
  type ImportProgress,
  type ImportState,
} from './import.ts';

export function publicImport(one: Import) {
  const { uploadId, fileName, bytes } = one.request;
  const { progress, imported, pastRetention } = one.state;
  return {
    ...publicIdentity(one),
    uploadId,
    fileName,
    bytes,
    readCount: progress.read,
    landedCount: progress.landed,
    importedCount: imported,
    duplicateCount: duplicatesOf(progress.landed, imported, pastRetention),
    pastRetentionCount: pastRetention,
    refusedCount: refusedCount(progress),
    refused: refusedRows(progress),
    ...publicHistory(one),
    ...publicError(one),
  };
}

/** The others were there already. @param added undefined until all are indexed */
export function duplicatesOf(landed: number, added: number | undefined, pastRetention = 0) {
  return added === undefined ? undefined : landed - added - pastRetention;
}

/** How many rows were refused, by reason. */
export function refusedRows({ refused }: Pick<ImportProgress, 'refused'>) {
  return refusalReasons.flatMap((reason) => {
    const count = refused[reason] ?? 0;
    return count === 0 ? [] : [{ reason, count }];
  });
}

/** With the first rows that were refused. */
export function importResult(one: Import) {
  return { ...publicImport(one), refusals: listed(one.state) };
}

function listed({ refusals }: ImportState) {
  return refusals.map(({ place, reason }) => ({ place, reason }));
}
