/** Where webhooks may go, tried over real HTTPS. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebhookSender } from '../../../shared/adapters/webhook-sender.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.ts';

let receiver: WebhookReceiver;
let answer: (response: ServerResponse) => void;
const seen: { request: IncomingMessage; body: string }[] = [];
const webhook = (url: string) => ({ url, headers: { 'webhook-id': 'msg_1' }, body: '{"a":"ü"}' });

beforeAll(async () => {
  receiver = await startWebhookReceiver((request, body, response) => {
    seen.push({ request, body: body.toString() });
    answer(response);
  });
});
afterAll(() => receiver.stop());

describe('a webhook', () => {
  const local = () => createWebhookSender({ local: { ca: receiver.ca }, timeoutMs: 20_000 });

  it('arrives unchanged, byte for byte', async () => {
    answer = (response) => response.writeHead(204).end();
    expect(await local().send(webhook(receiver.url))).toMatchObject({ kind: 'answered', status: 204 });
    const { request, body } = seen.at(-1) ?? {};
    expect([request?.method, request?.url, request?.headers['webhook-id'], body]).toEqual([
      ...['POST', '/hook?sig=1', 'msg_1', '{"a":"ü"}'],
    ]);
  });

  it('follows no redirect, and reports the status', async () => {
    const calls = seen.length;
    answer = (response) => response.writeHead(302, { location: receiver.url, 'retry-after': '7' }).end();
    expect(await local().send(webhook(receiver.url))).toEqual({
      ...{ kind: 'answered', status: 302, retryAfter: '7' },
    });
    expect(seen.length).toBe(calls + 1);
  });

  it('is delivered however long the answer is, of which little is read', async () => {
    answer = (response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.writeHead(200).on('drain', more);
      more();
    };
    expect(await local().send(webhook(receiver.url))).toMatchObject({ status: 200 });
  });

  it('fails without an answer in time, with one that is not HTTP, or on a closed port', async () => {
    answer = () => undefined;
    const impatient = createWebhookSender({ local: { ca: receiver.ca }, timeoutMs: 200 });
    expect(await impatient.send(webhook(receiver.url))).toEqual({ kind: 'unreachable', code: 'Timeout' });
    answer = (response) => response.destroy();
    expect(await local().send(webhook(receiver.url))).toMatchObject({ kind: 'unreachable' });
    const closed = await startWebhookReceiver(() => undefined);
    await closed.stop();
    expect(await local().send(webhook(closed.url))).toEqual({
      kind: 'unreachable',
      code: 'Unreachable',
      detail: 'ECONNREFUSED',
    });
  });

  it('fails where the certificate is not trusted', async () => {
    const other = await startWebhookReceiver((_request, _body, response) => response.end());
    expect(await local().send(webhook(other.url))).toMatchObject({ code: 'InvalidCertificate' });
    await other.stop();
  });

  it.each([
    ...[
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      'localhost',
      'app.localhost',
      'metadata.internal',
      'printer',
      '[::1]',
      '0.0.0.0',
      '[::]',
    ],
    ...['10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '169.254.169.254', '169.254.170.2'],
    ...['168.63.129.16', '224.0.0.1', '255.255.255.255', '240.0.0.1', '192.0.2.1'],
    ...['[::ffff:10.0.0.1]', '[::ffff:a9fe:a9fe]', '[::ffff:168.63.129.16]', '[::127.0.0.1]'],
    ...['[fe80::1]', '[fd00:ec2::254]', '[fc00::1]', '[ff02::1]', '[64:ff9b::a00:1]', '[2002:a00:1::]'],
    ...['[2001:db8::1]', '[100::1]'],
  ])('is never sent to %s', async (host) => {
    const outcome = await createWebhookSender({ timeoutMs: 20_000 }).send(webhook(`https://${host}/`));
    expect(outcome).toEqual({ kind: 'unreachable', code: 'Unreachable', detail: 'AddressRefused' });
  });

  it.each(['10.0.0.1', '[::1]', '169.254.169.254'])('of tests does not go to %s either', async (host) => {
    expect(await local().send(webhook(`https://${host}/`))).toMatchObject({ detail: 'AddressRefused' });
  });

  it.each(['http://flows.example/', 'https://flows.example:444/', 'https://a:b@flows.example/'])(
    'is never sent to %s',
    async (url) => {
      expect(await createWebhookSender().send(webhook(url))).toEqual({
        ...{ kind: 'unreachable', code: 'InvalidTarget' },
      });
    },
  );
});
