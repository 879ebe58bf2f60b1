/** Bodies are read to their end, whatever becomes of them: a body dropped in the middle takes its connection with it. */
import { describe, expect, it } from 'vitest';
import { RequestError } from '../../../shared/errors.ts';
import { readWholeBody, type BodyLimits } from '../../../shared/http/whole-body.ts';

const limits: BodyLimits = { keptBytes: 10, readBytes: 100, readMs: 20_000 };

/** A body that says what was done with it. */
function bodyOf(chunks: AsyncIterable<Uint8Array>) {
  const seen = { chunks: 0, atEnd: false, closed: false };
  const iterator = chunks[Symbol.asyncIterator]();
  const body = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const next = await iterator.next();
        if (next.done === true) seen.atEnd = true;
        else seen.chunks++;
        return next;
      },
      return: async () => {
        seen.closed = true;
        return await Promise.resolve({ done: true, value: undefined } as const);
      },
    }),
  };
  return { body, seen };
}

async function* chunksOf(count: number, then?: () => Promise<void>): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < count; sent++) yield await Promise.resolve(Buffer.from('x'));
  await then?.();
}

const never = () => new Promise<void>(() => undefined);

async function refusalOf(body: AsyncIterable<Uint8Array>, changes: Partial<BodyLimits> = {}) {
  const error: unknown = await readWholeBody(body, { ...limits, ...changes }).catch(
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RequestError)) throw new Error('It was not refused.');
  return { status: error.status, code: error.code, headers: error.headers };
}

describe('a body', () => {
  it('of the longest allowed size is kept', async () => {
    const { body, seen } = bodyOf(chunksOf(10));
    expect(await readWholeBody(body, limits)).toEqual(Buffer.from('x'.repeat(10)));
    expect(seen).toEqual({ chunks: 10, atEnd: true, closed: false });
  });

  it('that is too large is refused once it has been read to its end', async () => {
    const { body, seen } = bodyOf(chunksOf(11));
    expect(await refusalOf(body)).toEqual({ status: 413, code: 'BodyTooLarge', headers: {} });
    expect(seen).toEqual({ chunks: 11, atEnd: true, closed: false });
  });

  it('that is far too large is read up to a limit; then the connection is closed after the answer', async () => {
    const { body, seen } = bodyOf(chunksOf(1_000_000));
    const headers = { Connection: 'close' };
    expect(await refusalOf(body)).toEqual({ status: 413, code: 'BodyTooLarge', headers });
    expect(seen).toEqual({ chunks: 101, atEnd: false, closed: false });
  });

  it.each([
    [5, 408, 'RequestTimeout'],
    [50, 413, 'BodyTooLarge'],
  ])('without an end is read for a limited time: %i bytes, then nothing', async (sent, status, code) => {
    const { body, seen } = bodyOf(chunksOf(sent, never));
    const headers = { Connection: 'close' };
    expect(await refusalOf(body, { readMs: 30 })).toEqual({ status, code, headers });
    expect(seen).toEqual({ chunks: sent, atEnd: false, closed: false });
  });

  it('of very many small chunks needs no more memory than any other', async () => {
    const chunks = 500_000;
    let usedAtEnd = 0;
    const before = process.memoryUsage().heapUsed;
    const { body } = bodyOf(
      chunksOf(chunks, async () => {
        usedAtEnd = process.memoryUsage().heapUsed - before;
        await Promise.resolve();
      }),
    );
    expect(await refusalOf(body, { readBytes: chunks + 1 })).toMatchObject({ status: 413 });
    expect(usedAtEnd / chunks).toBeLessThan(200);
  });

  it('that breaks off is refused, and does not count as a failure of the app', async () => {
    const { body } = bodyOf(chunksOf(5, () => Promise.reject(new Error('aborted'))));
    expect(await refusalOf(body)).toEqual({ status: 400, code: 'IncompleteBody', headers: {} });
  });
});
