/**
 * What senders promise, kept by the one that sends rows to Log Analytics; against a stand-in that answers as the Logs
 * Ingestion API is documented to.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openLogAnalytics } from '../../../shared/adapters/destinations/log-analytics.ts';
import { bindKind, type SenderContext } from '../../../shared/destinations/kind.ts';
import { logAnalytics, logAnalyticsSettings } from '../../../shared/destinations/kinds/log-analytics.ts';
import type { EncodedRecord, OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import {
  startHttpsStandIn,
  type HttpsStandIn,
  type StandInAnswer,
  type StandInRequest,
} from '../../support/destinations/https-stand-in.ts';
import { outgoingRecord } from '../../support/destinations/outgoing-records.ts';
import { senderContext } from '../../support/destinations/sender-context.ts';
import { behaviors, describeSender } from './senders.ts';

const immutableId = `dcr-${'0123456789abcdef'.repeat(2)}`;
const path = `/dataCollectionRules/${immutableId}/streams/Custom-AuditkeepRecords?api-version=2023-01-01`;
const rows = z.array(z.looseObject({ TimeGenerated: z.iso.datetime(), RecordId: z.string() }));
const maxBytes = 1024 * 1024;

/** Like the kind, but that its endpoint may be on this machine. */
const kind = bindKind(
  { ...logAnalytics, settings: logAnalyticsSettings.extend({ endpoint: z.url() }) },
  openLogAnalytics,
);

function rowsIn({ content }: StandInRequest): z.output<typeof rows> | undefined {
  try {
    return rows.safeParse(JSON.parse(content.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

function refusal(status: number, code: string): StandInAnswer {
  // Messages repeat what was sent.
  return { status, body: JSON.stringify({ error: { code, message: 'secret of ada@fabrikam.example' } }) };
}

/** In the order in which the service checks. */
function checked(request: StandInRequest): StandInAnswer | undefined {
  const { headers, content, sent } = request;
  if (headers.authorization !== 'Bearer token for https://monitor.azure.com/.default')
    return refusal(401, 'InvalidAuthenticationToken');
  if (request.path !== path || request.method !== 'POST') return refusal(404, 'NotFound');
  if (Math.max(content.length, sent.length) > maxBytes) return refusal(413, 'ContentLengthLimitExceeded');
  if (headers['content-type'] !== 'application/json') return refusal(400, 'UnsupportedContentType');
  return rowsIn(request) === undefined ? refusal(400, 'InvalidPayload') : undefined;
}

async function startService() {
  const ids: string[] = [];
  const standIn = await startHttpsStandIn({
    count: (request) => rowsIn(request)?.length ?? 0,
    check: checked,
    take: (request) => ids.push(...(rowsIn(request) ?? []).map(({ RecordId }) => RecordId)),
    taken: { status: 204 },
  });
  return { standIn, ids };
}

const settingsFor = ({ origin: endpoint, ca: certificateAuthority }: HttpsStandIn) => ({
  endpoint,
  immutableId,
  certificateAuthority,
});

describeSender({
  keepsDuplicates: logAnalytics.keepsDuplicates,
  shows: behaviors,
  open: async () => {
    const { standIn, ids } = await startService();
    return {
      kind: kind.configured(settingsFor(standIn)),
      context: senderContext(),
      behave: standIn.behave,
      received: () => Promise.resolve(ids),
      close: standIn.stop,
    };
  },
});

describe('the sender to Log Analytics', () => {
  let standIn: HttpsStandIn;
  let ids: readonly string[];
  beforeAll(async () => {
    ({ standIn, ids } = await startService());
  });
  afterEach(() => {
    standIn.respond(undefined);
    standIn.behave(undefined);
  });
  afterAll(() => standIn.stop());

  async function withSender<T>(
    use: (sender: ReturnType<ReturnType<typeof kind.configured>['open']>) => Promise<T>,
    { settings = {}, context = {} }: { settings?: object; context?: Partial<SenderContext> } = {},
  ): Promise<T> {
    const sender = kind.configured({ ...settingsFor(standIn), ...settings }).open(senderContext(context));
    try {
      return await use(sender);
    } finally {
      await sender.close();
    }
  }

  const { encode } = kind.configured({ endpoint: 'https://a.example', immutableId });
  const send = (records: readonly OutgoingRecord[], options: Parameters<typeof withSender>[1] = {}) =>
    withSender(
      (sender) => sender.send({ id: 'batch-1', records: records.map(encode) }, AbortSignal.timeout(30_000)),
      options,
    );
  const test = (options: Parameters<typeof withSender>[1] = {}) =>
    withSender((sender) => sender.test(AbortSignal.timeout(30_000)), options);

  it('sends a compressed array with a token for Azure Monitor', async () => {
    expect(await send([outgoingRecord(), outgoingRecord()])).toEqual({ outcome: 'accepted' });
    const request = standIn.requests.at(-1);
    expect(request).toMatchObject({
      method: 'POST',
      path,
      headers: {
        authorization: 'Bearer token for https://monitor.azure.com/.default',
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      },
    });
    expect(request?.sent.length).toBeLessThan(request?.content.length ?? 0);
  });

  it('tests with an array without rows, which stores nothing', async () => {
    const before = ids.length;
    expect(await test()).toMatchObject([
      { step: 'connect', succeeded: true },
      { step: 'send', succeeded: true },
    ]);
    expect(standIn.requests.at(-1)?.content.toString()).toBe('[]');
    expect(ids).toHaveLength(before);
  });

  it('fills a request to its limits, and no further', async () => {
    const { limits } = kind.configured({ endpoint: 'https://a.example', immutableId });
    for (const Data of ['', 'ä'.repeat(20_000)]) {
      const batch: EncodedRecord[] = [];
      let bytes = 0;
      for (;;) {
        const encoded = encode(outgoingRecord({ Data }));
        if (batch.length === limits.records || bytes + encoded.body.length > limits.bytes) break;
        batch.push(encoded);
        bytes += encoded.body.length;
      }
      const sent = await withSender((sender) =>
        sender.send({ id: 'full', records: batch }, AbortSignal.timeout(30_000)),
      );
      expect(sent).toEqual({ outcome: 'accepted' });
      expect(standIn.requests.at(-1)?.content.length).toBeLessThanOrEqual(1_000_000);
      expect(standIn.requests.at(-1)?.content.length).toBeGreaterThan(900_000);
    }
  });

  it.each([
    [200, { outcome: 'accepted' }],
    [204, { outcome: 'accepted' }],
    [400, { outcome: 'refused', cause: 'The destination answered 400 (SomeCode).' }],
    [401, { outcome: 'misconfigured', nextStep: expect.stringContaining('Entra tenant') as string }],
    [
      403,
      {
        outcome: 'misconfigured',
        nextStep: expect.stringContaining('Monitoring Metrics Publisher') as string,
      },
    ],
    [404, { outcome: 'misconfigured', nextStep: expect.stringContaining('immutableId') as string }],
    [413, { outcome: 'tooLarge' }],
    [429, { outcome: 'retry', afterMs: undefined }],
    [500, { outcome: 'retry' }],
    [503, { outcome: 'retry' }],
  ])('takes %i for %o', async (status, expected) => {
    standIn.respond((_, response) => {
      const { body } = refusal(status, 'SomeCode');
      response.writeHead(status).end(status === 204 ? undefined : body);
    });
    const result = await send([outgoingRecord()]);
    expect(result).toMatchObject(expected);
    expect(JSON.stringify(result)).not.toContain('ada@fabrikam.example');
  });

  it('waits as long as the service wants', async () => {
    standIn.behave('busy');
    expect(await send([outgoingRecord()])).toMatchObject({ outcome: 'retry', afterMs: 7000 });
  });

  it.each([
    ['no JSON', 'secret of ada'],
    ['another shape', '{"error":"secret of ada"}'],
    ['a code that is a sentence', '{"error":{"code":"secret of ada"}}'],
    ['nothing', ''],
  ])('says the status alone of an error with %s', async (_, body) => {
    standIn.respond((_request, response) => response.writeHead(400).end(body));
    expect(await send([outgoingRecord()])).toEqual({
      outcome: 'refused',
      cause: 'The destination answered 400.',
    });
  });

  it.each([
    ['another rule', { immutableId: `dcr-${'f'.repeat(32)}` }, 404],
    ['another stream', { stream: 'Custom-Other' }, 404],
  ])('does not reach %s', async (_, settings, status) => {
    expect(await send([outgoingRecord()], { settings })).toMatchObject({
      outcome: 'misconfigured',
      cause: `The destination answered ${status} (NotFound).`,
    });
    expect(await test({ settings })).toMatchObject([{ succeeded: true }, { step: 'send', succeeded: false }]);
  });

  it('says in its test what is missing', async () => {
    const context = { token: () => Promise.resolve('token for https://monitor.azure.us/.default') };
    expect((await test({ context })).at(-1)).toMatchObject({ step: 'authenticate', succeeded: false });
    standIn.behave('forbidden');
    expect((await test()).at(-1)).toMatchObject({
      step: 'authorize',
      succeeded: false,
      nextStep: expect.stringContaining('Monitoring Metrics Publisher') as string,
    });
  });

  it('sends nothing without a token', async () => {
    const before = standIn.requests.length;
    const context = { token: () => Promise.reject(new Error('no identity')) };
    expect(await send([outgoingRecord()], { context })).toMatchObject({ outcome: 'retry' });
    expect(standIn.requests).toHaveLength(before);
  });

  it('does not send its token to an address that is not allowed', async () => {
    const before = standIn.requests.length;
    const context = { isAllowed: () => false };
    expect(await send([outgoingRecord()], { context })).toMatchObject({ outcome: 'misconfigured' });
    expect(standIn.requests).toHaveLength(before);
  });
});
