import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import {
  receiveContent,
  RejectedContentError,
  type LandingLimits,
  type ReceivedContent,
} from '../../../shared/landing/receive-content.ts';
import { bodyOf, chunksOf, recordTexts } from '../../support/content.ts';

const limits: LandingLimits = { maxBufferedBytes: 2000, maxLandingBytes: 10_000, maxLandingContents: 500 };

interface Watched {
  /** Chunks of the body taken so far. */
  pulled: number;
  readonly staged: { readonly index: number; readonly text: string; readonly pulledBefore: number }[];
}

/** Receives a body while watching what passes the seams. */
async function receive(
  chunks: Iterable<Buffer>,
  options: { limits?: LandingLimits; breaksWith?: Error; whenStaged?: () => Promise<void> } = {},
): Promise<{ received: ReceivedContent; watched: Watched }> {
  const watched: Watched = { pulled: 0, staged: [] };
  async function* body(): AsyncGenerator<Buffer> {
    for (const chunk of chunks) {
      watched.pulled += 1;
      yield await Promise.resolve(chunk);
    }
    if (options.breaksWith !== undefined) throw options.breaksWith;
  }
  const received = await receiveContent(body(), {
    limits: options.limits ?? limits,
    whenLarge: (task) => task(),
    stagePart: async (index, gzipped) => {
      const text = gunzipSync(gzipped).toString('utf8');
      watched.staged.push({ index, text, pulledBefore: watched.pulled });
      await options.whenStaged?.();
    },
  });
  return { received, watched };
}

const linesOf = (text: string): readonly string[] => text.split('\n').slice(0, -1);

function textOf({ text }: ReceivedContent): string {
  return text.kind === 'buffered' ? Buffer.concat(text.chunks).toString('utf8') : '';
}

describe('receiving a small body', () => {
  it('returns the records as lines, with a receipt for the body as received', async () => {
    const texts = recordTexts('small', 5);
    const body = bodyOf(texts, 50);
    const { received, watched } = await receive(body);
    expect(linesOf(textOf(received))).toEqual(texts);
    const whole = Buffer.concat(body);
    const sha256 = createHash('sha256').update(whole).digest('hex');
    expect(received.receipt).toEqual({ records: 5, bytes: whole.length, sha256 });
    expect(watched.staged).toEqual([]);
  });

  it('accepts an empty array as a body without records', async () => {
    const { received } = await receive([Buffer.from('[]')]);
    expect(received.receipt.records).toBe(0);
    expect(textOf(received)).toBe('');
  });
});

describe('receiving a large body', () => {
  it('stages it in parts that, concatenated, are exactly the records', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 3000 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 5000 }),
        async (values, chunkBytes) => {
          const texts = values.map((value, at) => JSON.stringify({ Id: at, value }));
          const { received, watched } = await receive(bodyOf(texts, chunkBytes));
          const staged = watched.staged.map(({ text }) => text).join('');
          expect(linesOf(received.text.kind === 'staged' ? staged : textOf(received))).toEqual(texts);
          expect(received.receipt.records).toBe(texts.length);
          if (received.text.kind !== 'staged') return;
          const { parts } = received.text;
          expect(parts.map(({ index }) => index)).toEqual(watched.staged.map(({ index }) => index));
          expect(parts.map(({ records }) => records)).toEqual(
            watched.staged.map(({ text }) => linesOf(text).length),
          );
          expect(parts.map(({ textBytes }) => textBytes)).toEqual(
            watched.staged.map(({ text }) => Buffer.byteLength(text)),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('cuts parts at record ends, as soon as each is full', async () => {
    const { watched } = await receive(bodyOf(recordTexts('large', 400, 200), 1000));
    expect(watched.staged.length).toBeGreaterThan(5);
    for (const { text, index } of watched.staged) {
      expect(text.endsWith('}\n')).toBe(true);
      expect(text.length).toBeLessThan(limits.maxLandingBytes + 2 * 1000);
      if (index < watched.staged.length) expect(text.length).toBeGreaterThanOrEqual(limits.maxLandingBytes);
    }
  });

  it('holds at most one part: each is staged before much more is read', async () => {
    const chunkBytes = 1000;
    const { watched } = await receive(bodyOf(recordTexts('large', 2000, 200), chunkBytes));
    const partChunks = limits.maxLandingBytes / chunkBytes;
    const taken = watched.staged.map(({ pulledBefore }) => pulledBefore);
    for (const [at, pulled] of taken.entries()) {
      expect(pulled - (taken[at - 1] ?? 0)).toBeLessThanOrEqual(partChunks + 3);
    }
  });

  it('reads nothing while a part is being uploaded', async () => {
    let proceed = (): void => undefined;
    let arrived = (): void => undefined;
    const gate = new Promise<void>((resolve) => (proceed = resolve));
    const staging = new Promise<void>((resolve) => (arrived = resolve));
    let pulled = 0;
    function* counting(): Generator<Buffer> {
      for (const chunk of bodyOf(recordTexts('large', 400, 200), 1000)) {
        pulled += 1;
        yield chunk;
      }
    }
    const whenStaged = async () => {
      arrived();
      await gate;
    };
    const receiving = receive(counting(), { whenStaged });
    await staging;
    const before = pulled;
    for (let turns = 0; turns < 50; turns++) await turn();
    expect(pulled).toBe(before);
    proceed();
    expect((await receiving).received.receipt.records).toBe(400);
  });

  it('waits for its turn with no more in memory than a small body', async () => {
    let admit = (): void => undefined;
    let asked = (): void => undefined;
    const gate = new Promise<void>((resolve) => (admit = resolve));
    const waiting = new Promise<void>((resolve) => (asked = resolve));
    let pulledBytes = 0;
    async function* body(): AsyncGenerator<Buffer> {
      for (const chunk of bodyOf(recordTexts('large', 400, 200), 1000)) {
        pulledBytes += chunk.length;
        yield await Promise.resolve(chunk);
      }
    }
    const receiving = receiveContent(body(), {
      limits,
      stagePart: () => Promise.resolve(),
      whenLarge: async (task) => {
        asked();
        await gate;
        return await task();
      },
    });
    await waiting;
    for (let turns = 0; turns < 50; turns++) await turn();
    expect(pulledBytes).toBeLessThanOrEqual(limits.maxBufferedBytes + 2 * 1000);
    admit();
    expect((await receiving).text.kind).toBe('staged');
  });

  it('keeps a record whole that is larger than a part', async () => {
    const texts = [JSON.stringify({ Id: 1, Blob: 'y'.repeat(50_000) }), '{"Id":2}'];
    const { watched } = await receive(bodyOf(texts, 1000));
    expect(watched.staged.flatMap(({ text }) => linesOf(text))).toEqual(texts);
  });
});

describe('receiving a body that is not an array of objects', () => {
  it.each(['<html>Please wait</html>', '{}', '[{"Id":1},{"Id":', '[1,2]', ''])(
    'rejects %j and hands it back as received',
    async (text) => {
      const error = await rejectionOf(chunksOf(Buffer.from(text), 4));
      expect(Buffer.concat(error.body ?? []).toString('utf8')).toBe(text);
      expect(error.receipt.bytes).toBe(Buffer.byteLength(text));
      expect(error.receipt.sha256).toBe(createHash('sha256').update(text).digest('hex'));
    },
  );

  it('does not hold one that is too large, and still has a full receipt', async () => {
    const body = Buffer.concat([...bodyOf(recordTexts('large', 100, 20_000)), Buffer.from(' and more')]);
    const error = await rejectionOf(chunksOf(body, 60_000));
    expect(error.body).toBeUndefined();
    expect(error.receipt.bytes).toBe(body.length);
    expect(error.receipt.sha256).toBe(createHash('sha256').update(body).digest('hex'));
  });

  async function rejectionOf(chunks: readonly Buffer[]): Promise<RejectedContentError> {
    const error: unknown = await receive(chunks).catch((reason: unknown) => reason);
    if (!(error instanceof RejectedContentError)) throw new Error('The body was not rejected.');
    return error;
  }
});

describe('a transfer that breaks', () => {
  it.each([1, 100])('throws its own error, not a rejection, after %i records', async (records) => {
    const breaksWith = new UpstreamError('retry', 'ECONNRESET', 'The connection broke.');
    const chunks = bodyOf(recordTexts('broken', records, 100), 500).slice(0, -1);
    await expect(receive(chunks, { breaksWith })).rejects.toBe(breaksWith);
  });
});

describe('storage that fails while a part is staged', () => {
  it('ends the transfer', async () => {
    const failure = new Error('Storage is away.');
    let closed = false;
    async function* body(): AsyncGenerator<Buffer> {
      try {
        for (const chunk of bodyOf(recordTexts('large', 400, 200), 1000)) yield await Promise.resolve(chunk);
      } finally {
        closed = true;
      }
    }
    const receiving = receiveContent(body(), {
      limits,
      whenLarge: (task) => task(),
      stagePart: () => Promise.reject(failure),
    });
    await expect(receiving).rejects.toBe(failure);
    expect(closed).toBe(true);
  });
});
