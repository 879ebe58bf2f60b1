/** Receivers of HTTPS requests, of Azure and of others: one server, with a path for each. */
import { decodeJwt } from 'jose';
import type { ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { startWebhookReceiver, type WebhookReceiver } from '../../../support/webhook-receiver.ts';

/** A data collection endpoint; to the app, it has a public address. */
export const ingestionHost = 'auditkeep-q7x2.westeurope-1.ingest.monitor.azure.com';

/** Who may send to a path, and what becomes of the content after decompression. */
export interface Route {
  readonly isAllowed: (bearer: string) => boolean;
  readonly serve: (content: Buffer, response: ServerResponse) => void;
}

export interface AzureAround {
  readonly server: WebhookReceiver;
  /** `https://127.0.0.1:{port}` */
  readonly origin: string;
  /** Without a query. */
  readonly route: (path: string, route: Route) => void;
}

export async function startAzureAround(): Promise<AzureAround> {
  const routes = new Map<string, Route>();
  const server = await startWebhookReceiver(({ url = '/', headers }, body, response) => {
    const route = routes.get(new URL(url, 'https://127.0.0.1').pathname);
    const bearer = (headers.authorization ?? '').replace('Bearer ', '');
    if (route === undefined) response.writeHead(404).end();
    else if (!route.isAllowed(bearer)) response.writeHead(401).end();
    else route.serve(headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body, response);
  }, ingestionHost);
  return {
    ...{ server, origin: `https://127.0.0.1:${server.port}` },
    route: (path, route) => {
      routes.set(path, route);
    },
  };
}

/** Whether a token of the app's identity is for this resource. */
export function isTokenFor(resource: string): (bearer: string) => boolean {
  return (bearer) => decodeJwt(bearer).aud === resource;
}
