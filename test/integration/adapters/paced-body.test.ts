/** Streamed answers wait for their reader, over real connections. */
import { once } from 'node:events';
import { createServer, get, IncomingMessage, ServerResponse, type Server } from 'node:http';
import { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPacedBody, type StreamLimits } from '../../../shared/adapters/http/paced-body.ts';
import { trackAnswers } from '../../../shared/adapters/http/worker-answers.ts';
import { closeServer, listenLocally } from '../../support/local-server.ts';

const answers = trackAnswers();
const pacedBody = createPacedBody(answers);
const chunk = Buffer.alloc(256 * 1024, 'x');
const chunks = 400;

let made: number;
let ended: Promise<string>;
let server: Server;
let port: number;
let body: () => AsyncIterable<Buffer>;
let limits: StreamLimits | undefined;

/** Like the library: writes the whole body, and ends the answer only if that succeeded. */
beforeEach(async () => {
  made = 0;
  limits = undefined;
  let end: (how: string) => void = () => undefined;
  ended = new Promise((resolve) => (end = resolve));
  server = createServer((request, response) => {
    const invocationId = String(request.headers['x-ms-invocation-id']);
    const write = async () => {
      const paced = limits === undefined ? pacedBody : createPacedBody(answers, limits);
      for await (const piece of paced(invocationId, body())) response.write(piece);
      response.end();
    };
    void write().then(
      () => {
        end('whole');
      },
      () => {
        end('broken');
      },
    );
  });
  port = await listenLocally(server);
});

afterEach(() => closeServer(server));

async function ask(): Promise<IncomingMessage> {
  const headers = { 'x-ms-invocation-id': 'invocation-1' };
  const asked = get({ host: '127.0.0.1', port, headers });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return response;
}

async function* many(): AsyncGenerator<Buffer> {
  for (; made < chunks; made++) yield await Promise.resolve(chunk);
}

describe('a streamed answer', () => {
  it('is not produced faster than it is read', async () => {
    body = many;
    let read = 0;
    let ahead = 0;
    for await (const piece of await ask()) {
      read += Buffer.from(piece as Uint8Array).length;
      ahead = Math.max(ahead, made * chunk.length - read);
    }
    expect(read).toBe(chunks * chunk.length);
    // What the connection holds, which is not a tenth of it.
    expect(ahead).toBeLessThan(read / 4);
    expect(await ended).toBe('whole');
  });

  it('is no longer produced when its reader has gone', async () => {
    body = many;
    const response = await ask();
    response.destroy();
    await ended;
    expect(made).toBeLessThan(chunks);
  });

  it('that fails midway never looks complete', async () => {
    body = async function* () {
      yield await Promise.resolve(chunk);
      throw new Error('Storage is down.');
    };
    const response = await ask();
    await expect(buffer(response)).rejects.toThrow();
    expect(await ended).toBe('broken');
  });

  it('whose source hangs is cut off', async () => {
    limits = { chunkMs: 30, totalMs: 20_000 };
    body = async function* () {
      yield await Promise.resolve(chunk);
      await new Promise(() => undefined);
    };
    await expect(buffer(await ask())).rejects.toThrow();
    expect(await ended).toBe('broken');
  });

  it('whose source works without finding anything is not', async () => {
    // Of which a loaded machine may use up most.
    limits = { chunkMs: 2000, totalMs: 20_000 };
    body = async function* () {
      for (let each = 0; each < 5; each++) {
        await delay(500);
        yield Buffer.alloc(0);
      }
      yield chunk;
    };
    expect(await buffer(await ask())).toEqual(chunk);
    expect(await ended).toBe('whole');
  });

  it('ends when its reader leaves while its source hangs, and closes the source', async () => {
    let isClosed = false;
    let hangs: () => void = () => undefined;
    const hanging = new Promise<void>((resolve) => (hangs = resolve));
    const source = {
      next: () => {
        hangs();
        return new Promise<IteratorResult<Buffer>>(() => undefined);
      },
      return: () => {
        isClosed = true;
        return Promise.resolve({ done: true, value: undefined } as const);
      },
    };
    body = () => ({ [Symbol.asyncIterator]: () => source });
    const asked = get({ host: '127.0.0.1', port, headers: { 'x-ms-invocation-id': 'invocation-1' } });
    asked.on('error', () => undefined);
    await hanging;
    asked.destroy();
    expect(await ended).toBe('whole');
    expect(isClosed).toBe(true);
  });

  it('is not begun for a reader who has left, as its failure would be unhandled', async () => {
    const left = new ServerResponse(new IncomingMessage(new Socket()));
    left.destroy();
    const source = {
      next: () => {
        made++;
        return Promise.reject<IteratorResult<Buffer>>(new Error('Storage is down.'));
      },
    };
    const paced = createPacedBody(() => left)('invocation-1', { [Symbol.asyncIterator]: () => source });
    for await (const piece of paced) expect(piece).toBeUndefined();
    expect(made).toBe(0);
  });

  it('that a slow reader does not finish in time is cut off', async () => {
    limits = { chunkMs: 20_000, totalMs: 300 };
    body = many;
    const response = await ask();
    expect(await ended).toBe('broken');
    await expect(buffer(response)).rejects.toThrow();
  });
});
