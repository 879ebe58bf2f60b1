/** The promises about files of exports, kept in memory and on Blob Storage. */
import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createExportFiles } from '../../shared/adapters/blobs/export-files.ts';
import type { ByteRange, ExportFiles } from '../../shared/exports/export.ts';
import { createFakeExportFiles } from '../support/fakes/export-files.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const newName = () => `tenant=${randomUUID()}/${randomUUID()}.csv`;
const blockId = (name: string) => Buffer.from(name.padStart(8)).toString('base64');
const [one, two, three] = [blockId('one'), blockId('two'), blockId('three')];
const type = 'text/csv; charset=utf-8';

async function read(files: ExportFiles, name: string, range?: ByteRange): Promise<string | undefined> {
  const body = await files.read(name, range);
  return body === undefined ? undefined : (await buffer(body)).toString();
}

describe.each([
  { where: 'in memory', create: createFakeExportFiles },
  { where: 'on Blob Storage', create: () => createExportFiles(storage()) },
])('files of exports $where', ({ create }) => {
  it('are invisible until they are committed, and then have the named blocks in the named order', async () => {
    const [files, name] = [create(), newName()];
    await files.stage(name, one, Buffer.from('1'));
    await files.stage(name, three, Buffer.from('left out'));
    await files.stage(name, two, Buffer.from('2'));
    expect(await read(files, name)).toBeUndefined();
    await files.commit(name, [two, one], type);
    expect(await read(files, name)).toBe('21');
  });

  it('are the same after being committed twice', async () => {
    const [files, name] = [create(), newName()];
    await files.stage(name, one, Buffer.from('first'));
    await files.stage(name, one, Buffer.from('again'));
    for (let time = 0; time < 2; time++) await files.commit(name, [one], type);
    expect(await read(files, name)).toBe('again');
  });

  it('may be empty', async () => {
    const [files, name] = [create(), newName()];
    await files.commit(name, [], type);
    expect(await read(files, name)).toBe('');
  });

  it('cannot be committed with a block that was never staged', async () => {
    const [files, name] = [create(), newName()];
    await files.stage(name, one, Buffer.from('1'));
    await expect(files.commit(name, [one, two], type)).rejects.toThrow();
  });

  it('return ranges', async () => {
    const [files, name] = [create(), newName()];
    await files.stage(name, one, Buffer.from('0123456789'));
    await files.commit(name, [one], type);
    expect(await read(files, name, { first: 3, last: 5 })).toBe('345');
    expect(await read(files, name, { first: 9, last: 9 })).toBe('9');
  });

  it('are deleted with all their blocks, committed or not', async () => {
    const [files, name] = [create(), newName()];
    await files.stage(name, one, Buffer.from('1'));
    await files.remove(name);
    await expect(files.commit(name, [one], type)).rejects.toThrow();
    await files.stage(name, two, Buffer.from('2'));
    await files.commit(name, [two], type);
    for (let time = 0; time < 2; time++) await files.remove(name);
    expect(await read(files, name)).toBeUndefined();
  });

  it('are deleted by the beginnings of their names, committed or not', async () => {
    const files = create();
    const prefix = `tenant=${randomUUID()}/${randomUUID()}.`;
    const [whole, begun, other] = [`${prefix}1.json`, `${prefix}2.json`, newName()];
    for (const name of [whole, begun, other]) await files.stage(name, one, Buffer.from('1'));
    for (const name of [whole, other]) await files.commit(name, [one], type);
    for (let time = 0; time < 2; time++) await files.removeAll(prefix);
    expect(await read(files, whole)).toBeUndefined();
    await expect(files.commit(begun, [one], type)).rejects.toThrow();
    expect(await read(files, other)).toBe('1');
  });
});

describe('unreachable files of exports', () => {
  it('fail, and never look absent', async () => {
    await expect(createExportFiles(lockedOut(storage())).read(newName())).rejects.toThrow();
  });
});
