/** Stores files of records in Azure Blob Storage. */
import type { ParquetSettings } from '../../destinations/kinds/parquet.ts';
import { filesOf, halvesOf } from '../../destinations/kinds/parquet/partitions.ts';
import type { OpenSender, Reject, SendResult } from '../../destinations/kind.ts';
import type { OutgoingBatch } from '../../destinations/outgoing.ts';
import { loadPart } from '../../lazy.ts';
import { createHttpsClient } from './https-client.ts';
import { resultOfPut } from './parquet/put-answer.ts';
import { putRequest, type PutBlob } from './parquet/put-blob.ts';
import { testByBlob } from './parquet/test-blob.ts';

/** @param ownStorage address of the app's own storage, which files of a destination must not get into */
export function createParquetOpener(ownStorage?: string): OpenSender<ParquetSettings> {
  return (settings, context) => {
    const client = createHttpsClient(context, settings.certificateAuthority);
    const put: PutBlob = async (blob, signal) => {
      if (ownStorage !== undefined && new URL(settings.url).host === new URL(ownStorage).host) return isOwn;
      const request = await putRequest(settings, context, blob);
      return 'outcome' in request ? request : await client.request(request, signal);
    };
    return {
      send: (batch, signal) => storeFiles(put, batch, signal),
      test: (signal) => testByBlob(put, signal),
      close: () => client.close(),
    };
  };
}

const isOwn = {
  outcome: 'misconfigured',
  cause: 'The address is in the storage account of Auditkeep itself.',
  nextStep: 'Use another storage account for the files: this one has records that only Auditkeep may write.',
} as const;

/** A batch with so many is sent in smaller ones: something else may be wrong than single records. */
const maxRejects = 50;

/**
 * One file after the other; one that is refused is halved until the record is found. After a failure, files that were
 * stored are found when the batch is sent again.
 */
async function storeFiles(put: PutBlob, batch: OutgoingBatch, signal: AbortSignal): Promise<SendResult> {
  const { parquetFile } = await loadPart(() => import('../../destinations/kinds/parquet/file.ts'));
  const [left, rejects] = [[...filesOf(batch)], new Array<Reject>()];
  let duplicates = 0;
  for (let file = left.shift(); file !== undefined; file = left.shift()) {
    const { path, records } = file;
    const result = resultOfPut(await put({ path, body: parquetFile(records), contentType }, signal));
    if (result === 'exists') duplicates += records.length;
    else if (result === 'stored') continue;
    else if (result.outcome !== 'refused' || rejects.length >= maxRejects) return result;
    else if (records.length > 1) left.unshift(...halvesOf(file));
    else rejects.push(...records.map((one) => ({ index: batch.records.indexOf(one), cause: result.cause })));
  }
  return { outcome: 'accepted', duplicates, ...(rejects.length > 0 && { rejects }) };
}

const contentType = 'application/vnd.apache.parquet';
