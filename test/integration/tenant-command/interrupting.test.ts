import { createServer } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { closeServer, listenLocally } from '../../support/local-server.ts';
import { undeclared } from '../../support/described.ts';
import { startCommand } from './command-process.ts';

const tenantId = 'a3c5e7f9-1b2d-4f60-8a7c-9e0d1c2b3a41';
const id = 'b4d6e8f0-2c3e-4a71-9b8d-0f1e2d3c4b52';
const monitor = `/api/tenants/${tenantId}/enablements/${id}`;
const closers: (() => Promise<void>)[] = [];
const undescribed: string[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  expect(undescribed.splice(0)).toEqual([]);
});

/** An API with an enablement that runs until it is canceled, if it can be canceled. */
async function startApi({ canBeCanceled }: { readonly canBeCanceled: boolean }) {
  const targets: string[] = [];
  let status = 'Running';
  const server = createServer((request, response) => {
    const target = `${request.method ?? ''} ${request.url ?? ''}`;
    targets.push(target);
    if (target.endsWith('/cancel') && canBeCanceled) status = 'Canceled';
    const at = '2026-03-10T12:00:00.000Z';
    const body = JSON.stringify({
      id,
      tenantId,
      status,
      dryRun: false,
      percentComplete: 5,
      createdDateTime: at,
      lastActionDateTime: at,
      steps: [{ name: 'mailboxes', status }],
    });
    const { method = '', url = '' } = request;
    const headers = {
      'content-type': 'application/json',
      ...(url.endsWith('/enablements') ? { 'operation-location': monitor } : {}),
    };
    const answer = { status: method === 'POST' ? 202 : 200, headers, body };
    // The reply must be one that the app could send, except that the app never requests such a long wait.
    undescribed.push(...undeclared({ method, url: `http://audit.example${url}`, ...answer }));
    const waiting = { 'retry-after': targets.length > 1 ? '600' : '0' };
    response.writeHead(answer.status, { ...headers, ...waiting }).end(body);
  });
  const port = await listenLocally(server);
  closers.push(() => closeServer(server));
  return { baseUrl: `http://127.0.0.1:${port}`, apiKey: 'ak_invented', targets };
}

it('the first Ctrl-C cancels at once, however long the wait, and the outcome is printed', async () => {
  const api = await startApi({ canBeCanceled: true });
  const command = await startCommand(api, ['enable', tenantId]);
  await expect.poll(() => api.targets, { timeout: 50_000 }).toContain(`GET ${monitor}`);
  command.pressCtrlC();
  const { exitCode, output, errors } = await command.ended;
  expect(exitCode).toBe(1);
  expect(errors).toContain('Canceling; changes already made remain.');
  expect(output).toContain('The enablement ended: Canceled.');
  expect(api.targets.slice(-2)).toEqual([`POST ${monitor}/cancel`, `GET ${monitor}`]);
});

it('a later Ctrl-C leaves without an outcome', async () => {
  const api = await startApi({ canBeCanceled: false });
  const command = await startCommand(api, ['enable', tenantId]);
  await expect.poll(() => api.targets, { timeout: 50_000 }).toContain(`GET ${monitor}`);
  command.pressCtrlC();
  await command.said(/Canceling/);
  const pressing = setInterval(command.pressCtrlC, 200);
  const { exitCode, output } = await command.ended;
  clearInterval(pressing);
  expect({ exitCode, output }).toEqual({ exitCode: 130, output: '' });
});
