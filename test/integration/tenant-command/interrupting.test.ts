import { createServer } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { closeServer, listen } from '../../simulator/http.ts';
import { startCommand } from './command-process.ts';

const tenantId = 'a3c5e7f9-1b2d-4f60-8a7c-9e0d1c2b3a41';
const monitor = `/api/tenants/${tenantId}/enablements/one`;
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** An API with an enablement that goes on until it is cancelled, if it can be. */
async function startApi({ canBeCancelled }: { readonly canBeCancelled: boolean }) {
  const targets: string[] = [];
  let status = 'Running';
  const server = createServer((request, response) => {
    const target = `${request.method ?? ''} ${request.url ?? ''}`;
    targets.push(target);
    if (target.endsWith('/cancel') && canBeCancelled) status = 'Canceled';
    const body = {
      id: 'one',
      status,
      dryRun: false,
      percentComplete: 5,
      steps: [{ name: 'mailboxes', status }],
    };
    const headers = { 'operation-location': monitor, 'retry-after': targets.length > 1 ? '600' : '0' };
    response.writeHead(request.method === 'POST' ? 202 : 200, headers).end(JSON.stringify(body));
  });
  const port = await listen(server, 0);
  closers.push(() => closeServer(server));
  return { baseUrl: `http://127.0.0.1:${port}`, apiKey: 'ak_invented', targets };
}

it('the first Ctrl-C cancels at once, however long it would have waited, and the end is told', async () => {
  const api = await startApi({ canBeCancelled: true });
  const command = startCommand(api, ['enable', tenantId]);
  await command.said(/mailboxes: Running/);
  command.pressCtrlC();
  const { exitCode, output, errors } = await command.ended;
  expect(exitCode).toBe(1);
  expect(errors).toContain('Asking to cancel');
  expect(output).toContain('The enablement ended: Canceled.');
  expect(api.targets.slice(-2)).toEqual([`POST ${monitor}/cancel`, `GET ${monitor}`]);
});

it('a later Ctrl-C leaves, without an end', async () => {
  const api = await startApi({ canBeCancelled: false });
  const command = startCommand(api, ['enable', tenantId]);
  await command.said(/mailboxes: Running/);
  command.pressCtrlC();
  await command.said(/Asking to cancel/);
  const pressing = setInterval(command.pressCtrlC, 200);
  const { exitCode, output } = await command.ended;
  clearInterval(pressing);
  expect({ exitCode, output }).toEqual({ exitCode: 130, output: '' });
});
