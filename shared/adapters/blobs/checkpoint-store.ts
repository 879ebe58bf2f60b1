/** Container `evidence`: a checkpoint a day, created once and never changed, so that a policy can make them immutable. */
import type { BlobServiceClient } from '@azure/storage-blob';
import type { StorageSettings } from '../../config.ts';
import { checkpointSchema, type CheckpointStore } from '../../evidence/checkpoint.ts';
import { parseJson } from '../../json.ts';
import { hasErrorCode, unlessExists, unlessMissing } from '../storage.ts';
import { blobService, containerOf, creatingContainer } from './containers.ts';

const takenPrefix = 'checkpoints/';
const deliveredPrefix = 'delivered/';
const suffix = '.json';

export function createCheckpointStore(settings: StorageSettings): CheckpointStore {
  const service = blobService(settings);
  const container = containerOf(service, 'evidence');
  const createOnce = (name: string, text: string) =>
    unlessExists(() =>
      creatingContainer(container, () =>
        container.getBlockBlobClient(name).upload(text, Buffer.byteLength(text), {
          conditions: { ifNoneMatch: '*' },
          blobHTTPHeaders: { blobContentType: 'application/json' },
        }),
      ),
    );
  return {
    async now() {
      const { date } = await creatingContainer(container, () => container.getProperties());
      // Every answer of Azure has it.
      if (date === undefined) throw new Error('Blob Storage did not say what time it is.');
      return date;
    },
    create: (checkpoint) =>
      createOnce(
        `${takenPrefix}${checkpoint.date}${suffix}`,
        JSON.stringify(checkpointSchema.encode(checkpoint), undefined, 2),
      ),
    get: (date) =>
      unlessMissing(async () => {
        const blob = container.getBlockBlobClient(`${takenPrefix}${date}${suffix}`);
        return checkpointSchema.parse(parseJson((await blob.downloadToBuffer()).toString('utf8')));
      }),
    dates: (from, to) => datesOf(service, takenPrefix, from, to),
    deliveredDates: (from, to) => datesOf(service, deliveredPrefix, from, to),
    async markDelivered(date) {
      await createOnce(`${deliveredPrefix}${date}${suffix}`, '{}');
    },
  };
}

async function datesOf(
  service: BlobServiceClient,
  prefix: string,
  from: string,
  to: string,
): Promise<readonly string[]> {
  const dates: string[] = [];
  // Names of one year at most are listed in vain.
  const shared = from.slice(0, 4) === to.slice(0, 4) ? from.slice(0, 4) : '';
  try {
    const blobs = containerOf(service, 'evidence').listBlobsFlat({ prefix: `${prefix}${shared}` });
    for await (const { name } of blobs) dates.push(name.slice(prefix.length, -suffix.length));
  } catch (error) {
    if (!hasErrorCode(error, 'ContainerNotFound')) throw error;
  }
  return dates.filter((date) => date >= from && date <= to);
}
