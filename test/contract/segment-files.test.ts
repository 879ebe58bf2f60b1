/** The promises about files of segments, kept in memory and on Blob Storage. */
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSegmentFiles } from '../../shared/adapters/blobs/segment-files.ts';
import { createFakeSegmentFiles } from '../support/fakes/segment-files.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const folder = () => `tenant=${randomUUID()}/month=202601/`;

describe.each([
  { where: 'in memory', open: createFakeSegmentFiles },
  { where: 'on Blob Storage', open: () => createSegmentFiles(storage()) },
])('files of segments $where', ({ open }) => {
  it('are read in ranges, which end with the file', async () => {
    const [files, name] = [open(), `${folder()}a`];
    const file = files.create(name);
    for (const text of ['one', 'two', 'three']) await file.append(Buffer.from(text));
    await file.close();
    const read = async (offset: number, length: number) =>
      (await files.read(name, offset, length))?.toString();
    expect(await read(0, 3)).toBe('one');
    expect(await read(2, 5)).toBe('etwot');
    expect(await read(6, 100)).toBe('three');
  });

  it('of several megabytes have all their bytes', async () => {
    const [files, name] = [open(), `${folder()}large`];
    const parts = Array.from({ length: 5 }, () => randomBytes(2_500_000));
    const file = files.create(name);
    for (const part of parts) await file.append(part);
    await file.close();
    const whole = await files.read(name, 0, 20_000_000);
    expect(whole?.equals(Buffer.concat(parts))).toBe(true);
    const end = await files.read(name, 12_000_000, 1_000_000);
    expect(end?.equals(Buffer.concat(parts).subarray(12_000_000))).toBe(true);
  });

  it('do not exist before they are closed, and replace those of their name', async () => {
    const [files, prefix] = [open(), folder()];
    const first = files.create(`${prefix}a`);
    await first.append(randomBytes(5_000_000));
    expect(await files.read(`${prefix}a`, 0, 1)).toBeUndefined();
    expect(await files.names(prefix)).toEqual([]);
    await first.close();
    const second = files.create(`${prefix}a`);
    await second.append(Buffer.from('second'));
    await second.close();
    expect((await files.read(`${prefix}a`, 0, 100))?.toString()).toBe('second');
  });

  it('may be empty', async () => {
    const [files, name] = [open(), `${folder()}empty`];
    await files.create(name).close();
    expect(await files.read(name, 0, 10)).toEqual(Buffer.alloc(0));
  });

  it('are listed by prefix and removed, also twice', async () => {
    const [files, prefix] = [open(), folder()];
    for (const name of [`${prefix}b`, `${prefix}a`, `${folder()}other`]) await files.create(name).close();
    expect([...(await files.names(prefix))].sort()).toEqual([`${prefix}a`, `${prefix}b`]);
    await files.remove(`${prefix}a`);
    await files.remove(`${prefix}a`);
    expect(await files.names(prefix)).toEqual([`${prefix}b`]);
  });
});

it('unreachable storage fails, and never looks empty', async () => {
  const files = createSegmentFiles(lockedOut(storage()));
  await expect(files.read('a', 0, 1)).rejects.toThrow();
  await expect(files.names('a')).rejects.toThrow();
  const file = files.create('a');
  await file.append(Buffer.from('a'));
  await expect(file.close()).rejects.toThrow();
});
