/** The promises about uploads, kept in memory and on Blob Storage. */
import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createImportUploads } from '../../shared/adapters/blobs/import-uploads.ts';
import { createFakeImportUploads } from '../support/fakes/import-uploads.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const newUpload = () => ({ tenantId: randomUUID(), uploadId: randomUUID() });

describe.each([
  { where: 'in memory', create: createFakeImportUploads },
  { where: 'on Blob Storage', create: () => createImportUploads(storage()) },
])('uploads $where', ({ create }) => {
  it('have no parts until some are put', async () => {
    const [uploads, upload] = [create(), newUpload()];
    expect(await uploads.parts(upload)).toEqual(new Map());
    expect(await uploads.read(upload, 1)).toBeUndefined();
    await uploads.remove(upload);
  });

  it('return the bytes of each part, and how many they are, in whichever order they come', async () => {
    const [uploads, upload] = [create(), newUpload()];
    const large = Buffer.alloc(2_500_000, 'large');
    expect(await uploads.put(upload, 2, large)).toBe(true);
    expect(await uploads.put(upload, 1, Buffer.from('first'))).toBe(true);
    expect(await uploads.put(upload, 1000, Buffer.alloc(0))).toBe(true);
    expect([...(await uploads.parts(upload))].sort(([a], [b]) => a - b)).toEqual([
      [1, 5],
      [2, large.length],
      [1000, 0],
    ]);
    const body = await uploads.read(upload, 2);
    expect(body && (await buffer(body)).equals(large)).toBe(true);
  });

  it('take the same part twice, but never another one of its number', async () => {
    const [uploads, upload] = [create(), newUpload()];
    for (let time = 0; time < 2; time++)
      expect(await uploads.put(upload, 1, Buffer.from('first'))).toBe(true);
    expect(await uploads.put(upload, 1, Buffer.from('other'))).toBe(false);
    const body = await uploads.read(upload, 1);
    expect(body && (await buffer(body)).toString()).toBe('first');
  });

  it('are apart from those of other tenants and other uploads, and their ids have no case', async () => {
    const [uploads, upload] = [create(), newUpload()];
    await uploads.put(upload, 1, Buffer.from('own'));
    expect(await uploads.parts({ ...upload, tenantId: randomUUID() })).toEqual(new Map());
    expect(await uploads.parts({ ...upload, uploadId: randomUUID() })).toEqual(new Map());
    const upper = { ...upload, uploadId: upload.uploadId.toUpperCase() };
    expect(await uploads.parts(upper)).toEqual(new Map([[1, 3]]));
  });

  it('are gone once removed, and only they', async () => {
    const [uploads, upload, other] = [create(), newUpload(), newUpload()];
    for (const each of [upload, other])
      for (const part of [1, 2]) await uploads.put(each, part, Buffer.from('x'));
    for (let time = 0; time < 2; time++) await uploads.remove(upload);
    expect(await uploads.parts(upload)).toEqual(new Map());
    expect((await uploads.parts(other)).size).toBe(2);
  });
});

describe('unreachable uploads', () => {
  it('fail, and never look absent', async () => {
    await expect(createImportUploads(lockedOut(storage())).parts(newUpload())).rejects.toThrow();
  });
});
