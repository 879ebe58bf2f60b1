/** A receiver of webhooks over HTTPS on this machine. */
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { createServerCertificate } from '../simulator/ca.ts';
import { closeServer, listenLocally } from './local-server.ts';

export interface WebhookReceiver {
  readonly ca: string;
  readonly port: number;
  /** `https://127.0.0.1:{port}/hook?sig=1`. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * @param answer ends the response
 * @param name that its certificate is for, too
 */
export async function startWebhookReceiver(
  answer: (request: IncomingMessage, body: Buffer, response: ServerResponse) => void,
  name?: string,
): Promise<WebhookReceiver> {
  const { caPem, certificatePem, privateKeyPem } = await createServerCertificate(name);
  const server = createServer({ cert: certificatePem, key: privateKeyPem }, (request, response) => {
    buffer(request).then(
      (body) => {
        answer(request, body, response);
      },
      () => response.destroy(),
    );
  });
  const port = await listenLocally(server);
  return {
    ...{ ca: caPem, port, url: `https://127.0.0.1:${port}/hook?sig=1` },
    stop: () => closeServer(server),
  };
}
