/** Requests and replies of the table service, as plain values. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './refusals.ts';

export interface TableRequest {
  readonly method: string;
  /** As it was sent: signatures cover the encoded path. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface TableReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const jsonType = 'application/json;odata=minimalmetadata;streaming=true;charset=utf-8';

export function jsonReply(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): TableReply {
  return { status, headers: { 'Content-Type': jsonType, ...headers }, body };
}

export function emptyReply(headers: Readonly<Record<string, string>> = {}): TableReply {
  return { status: 204, headers, body: '' };
}

/** Failures of the service itself say so, and no more. */
export function refusalReply(error: unknown): TableReply {
  const refusal = error instanceof Refusal ? error : new Refusal('InternalError', String(error));
  const value = `${refusal.message}\nRequestId:${randomUUID()}\nTime:${new Date().toISOString()}`;
  const body = { 'odata.error': { code: refusal.code, message: { lang: 'en-US', value } } };
  return jsonReply(refusal.status, JSON.stringify(body), { 'x-ms-error-code': refusal.code });
}
