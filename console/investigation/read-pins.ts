/** Reads pinned records for a document: the bytes that were delivered, their hash, and what they mean. */
import { describe, textOf } from '../../shared/sentences/describe.ts';
import { answerOf, api } from '../api/client.ts';
import type { Pin } from './investigation.ts';

export interface ReadPin extends Pin {
  /** ISO 8601. */
  readonly createdDateTime: string;
  readonly sentence: string;
  readonly changes: readonly { readonly what: string; readonly from?: string; readonly to?: string }[];
  /** The record exactly as Microsoft delivered it. */
  readonly bytes: ArrayBuffer;
  /** The same as UTF-8. */
  readonly text: string;
  /** Of the bytes, in lowercase hexadecimal digits. */
  readonly sha256: string;
}

/** All of them, one after the other. @throws ApiError for the first one that cannot be read: no document leaves one out */
export async function readPins(
  pins: readonly Pin[],
  onRead: (count: number) => void,
): Promise<readonly ReadPin[]> {
  const read: ReadPin[] = [];
  for (const pin of pins) {
    read.push(await readPin(pin));
    onRead(read.length);
  }
  return read;
}

async function readPin(pin: Pin): Promise<ReadPin> {
  const params = { path: { tenantId: pin.tenantId, recordId: pin.recordId } };
  const record = await answerOf(api.GET('/tenants/{tenantId}/records/{recordId}', { params }));
  const bytes = await answerOf(
    api.GET('/tenants/{tenantId}/records/{recordId}/auditData', { params, parseAs: 'arrayBuffer' }),
  );
  const { sentence, changes } = describe(record, record.auditData);
  return {
    ...pin,
    createdDateTime: record.createdDateTime ?? '',
    sentence: `${textOf(sentence)}.`,
    changes,
    bytes,
    text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
    sha256: await sha256(bytes),
  };
}

/** In lowercase hexadecimal digits. */
export async function sha256(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
