/** Answers that end their connection, over a real one. */
import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { closingOnRequest, trackAnswers } from '../../../shared/adapters/http/worker-answers.ts';
import type { ApiInvocation, ApiRequest } from '../../../shared/http/request.ts';
import { closeServer, listenLocally } from '../../support/local-server.ts';

const answers = trackAnswers();
const invocationId = 'invocation-1';
const asked: ApiRequest = {
  ...{ method: 'POST', url: 'http://127.0.0.1/', headers: new Headers(), query: new URLSearchParams() },
  ...{ params: {}, body: null },
};
const invocation: ApiInvocation = { invocationId, functionName: 'test', error: () => undefined };
const agent = new Agent({ keepAlive: true });

let server: Server;
let port: number;
let headers: Readonly<Record<string, string>>;

/** Like the library: does not send the header itself. */
beforeEach(async () => {
  const handle = closingOnRequest(answers, () => Promise.resolve({ status: 413, headers }));
  server = createServer((incoming, response) => {
    // Begun to read, so that Node itself does not discard the rest.
    incoming.once('data', () => {
      incoming.pause();
      void handle(asked, invocation).then(({ status = 200 }) => {
        response.statusCode = status;
        response.end();
      });
    });
  });
  port = await listenLocally(server);
});

afterEach(async () => {
  agent.destroy();
  await closeServer(server);
});

/** Sends a body that never ends. */
async function ask() {
  const options = { host: '127.0.0.1', port, agent, method: 'POST' };
  const sent = request({ ...options, headers: { 'x-ms-invocation-id': invocationId } });
  sent.on('error', () => undefined);
  sent.write('beginning');
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return { sent, response };
}

it('an answer with Connection: close arrives, and closes the connection whose body has no end', async () => {
  headers = { connection: 'close' };
  const { sent, response } = await ask();
  expect(response.statusCode).toBe(413);
  if (sent.socket?.destroyed === false) await once(sent.socket, 'close');
});

it('any other answer keeps the connection', async () => {
  headers = {};
  const { sent, response } = await ask();
  await once(response, 'end');
  expect(sent.socket?.destroyed).toBe(false);
});
