/** What senders promise, kept by the one that sends documents to Elasticsearch; against a stand-in with its answers. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openElasticsearch } from '../../../shared/adapters/destinations/elasticsearch.ts';
import { bindKind, type DestinationSender, type SenderContext } from '../../../shared/destinations/kind.ts';
import { elasticsearch } from '../../../shared/destinations/kinds/elasticsearch.ts';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import {
  startElasticsearch,
  type ElasticsearchStandIn,
} from '../../support/destinations/elasticsearch-stand-in.ts';
import { outgoingRecord } from '../../support/destinations/outgoing-records.ts';
import { anySecret, senderContext } from '../../support/destinations/sender-context.ts';
import { behaviors, describeSender } from './senders.ts';

const kind = bindKind(elasticsearch, openElasticsearch);
const secret = 'destination-any';

const settingsFor = ({ origin: url, ca: certificateAuthority }: ElasticsearchStandIn) => ({
  ...{ url, certificateAuthority, secret },
});

/** Where each of the layouts has it. */
const idSchema = z.union([
  z.object({ RecordId: z.string() }).transform(({ RecordId }) => RecordId),
  z.object({ labels: z.object({ auditkeep_id: z.string() }) }).transform(({ labels }) => labels.auditkeep_id),
]);

function idsIn({ documents }: ElasticsearchStandIn): readonly string[] {
  return [...documents.values()].flatMap((document) => idSchema.safeParse(document).data ?? []);
}

interface Layout {
  readonly target?: string;
  readonly [name: string]: unknown;
}

const layouts: readonly (readonly [what: string, settings: Layout])[] = [
  ['compressed documents', {}],
  ['documents, with a password', { gzip: false, authentication: 'basic' }],
  ['documents for the integration of Elastic', { layout: 'o365', target: 'logs-o365.audit-default' }],
];

describe.each(layouts)('the sender of %s', (_, settings) => {
  describeSender({
    keepsDuplicates: elasticsearch.keepsDuplicates,
    shows: behaviors,
    open: async () => {
      const standIn = await startElasticsearch(settings.target);
      return {
        kind: kind.configured({ ...settingsFor(standIn), ...settings }),
        context: senderContext(),
        behave: standIn.behave,
        received: () => Promise.resolve(idsIn(standIn)),
        close: standIn.stop,
      };
    },
  });
});

describe('the sender to Elasticsearch', () => {
  let standIn: ElasticsearchStandIn;
  beforeAll(async () => {
    standIn = await startElasticsearch();
  });
  afterEach(() => {
    standIn.refuse(undefined);
    standIn.respond(undefined);
    standIn.behave(undefined);
  });
  afterAll(() => standIn.stop());

  interface Options {
    readonly settings?: object;
    readonly context?: Partial<SenderContext>;
  }

  async function withSender<T>(
    use: (sender: DestinationSender) => Promise<T>,
    { settings = {}, context = {} }: Options,
  ): Promise<T> {
    const sender = kind.configured({ ...settingsFor(standIn), ...settings }).open(senderContext(context));
    try {
      return await use(sender);
    } finally {
      await sender.close();
    }
  }

  const send = (records: readonly OutgoingRecord[], options: Options = {}) => {
    const { encode } = kind.configured(settingsFor(standIn));
    const batch = { id: 'batch-1', records: records.map(encode) };
    return withSender((sender) => sender.send(batch, AbortSignal.timeout(30_000)), options);
  };
  const test = (options: Options = {}) =>
    withSender((sender) => sender.test(AbortSignal.timeout(30_000)), options);
  const made = (count: number) => Array.from({ length: count }, () => outgoingRecord());
  const refuse = (statuses: readonly (readonly [OutgoingRecord | undefined, number])[]) => {
    const byId = new Map(statuses.map(([record, status]) => [record?.id, status]));
    standIn.refuse(({ RecordId: id }) => byId.get(String(id)));
  };

  it('asks for the statuses, and not for reasons, which repeat content', async () => {
    await send(made(1));
    const request = standIn.requests.at(-1);
    const { pathname, searchParams } = new URL(request?.path ?? '', standIn.origin);
    expect(pathname).toBe('/auditkeep-records/_bulk');
    expect(searchParams.get('filter_path')).toBe('errors,items.*.status,items.*.error.type');
    expect(request?.headers).toMatchObject({
      authorization: `ApiKey ${anySecret}`,
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
    });
  });

  it('counts what was there before', async () => {
    const records = made(3);
    expect(await send(records.slice(0, 2))).toEqual({ outcome: 'accepted', rejects: [], duplicates: 0 });
    expect(await send(records)).toEqual({ outcome: 'accepted', rejects: [], duplicates: 2 });
    expect(idsIn(standIn).slice(-3)).toEqual(records.map(({ id }) => id));
  });

  it('keeps records of the same ID of two tenants', async () => {
    const record = outgoingRecord();
    const other = { ...record, tenantId: '11111111-2222-4333-8444-555555555555' };
    expect(await send([record, other])).toMatchObject({ outcome: 'accepted', duplicates: 0 });
  });

  it('names what is refused, and delivers the others', async () => {
    const records = made(4);
    refuse([
      [records[1], 400],
      [records[3], 400],
    ]);
    const cause = 'The destination answered 400 (document_parsing_exception) for a record.';
    expect(await send(records)).toEqual({
      outcome: 'accepted',
      rejects: [
        { index: 1, cause },
        { index: 3, cause },
      ],
      duplicates: 0,
    });
    expect(idsIn(standIn).slice(-2)).toEqual([records[0]?.id, records[2]?.id]);
  });

  it.each([
    [[[2, 429]], 2],
    [[[0, 429]], 0],
    [
      [
        [1, 400],
        [3, 503],
      ],
      1,
    ],
    [
      [
        [1, 500],
        [3, 400],
      ],
      1,
    ],
  ] as const)('retries what a busy cluster did not take: %j', async (statuses, acceptedFirst) => {
    const records = made(4);
    refuse(statuses.map(([index, status]) => [records[index], status]));
    expect(await send(records)).toMatchObject({ outcome: 'retry', acceptedFirst });
    standIn.refuse(undefined);
    const again = await send(records.slice(acceptedFirst));
    expect(again).toMatchObject({ outcome: 'accepted', rejects: [] });
    expect(new Set(idsIn(standIn).slice(-4))).toEqual(new Set(records.map(({ id }) => id)));
  });

  it.each([
    [403, 'create_doc'],
    [404, 'template'],
  ])('stops when a record is answered %i', async (status, step) => {
    const records = made(2);
    refuse([[records[1], status]]);
    expect(await send(records)).toMatchObject({
      outcome: 'misconfigured',
      nextStep: expect.stringContaining(step) as string,
    });
  });

  it.each([
    [200, '<html>Sign in</html>', { outcome: 'misconfigured' }],
    [200, '{"errors":false,"items":[]}', { outcome: 'misconfigured' }],
    [200, '{"errors":false,"items":[{"index":{"status":201}}]}', { outcome: 'misconfigured' }],
    [204, '', { outcome: 'misconfigured' }],
    [400, '', { outcome: 'refused' }],
    [401, '', { outcome: 'misconfigured' }],
    [404, '', { outcome: 'misconfigured' }],
    [413, '', { outcome: 'tooLarge' }],
    [429, '', { outcome: 'retry' }],
    [502, '', { outcome: 'retry' }],
    [
      200,
      '{"errors":true,"items":[{"create":{"status":400,"error":{"type":"ada@fabrikam.example","reason":"ada@"}}}]}',
      { outcome: 'accepted' },
    ],
  ])('takes %i %s for %o, and repeats nothing of it', async (status, body, expected) => {
    standIn.respond((_, response) => response.writeHead(status).end(status === 204 ? undefined : body));
    const result = await send(made(1));
    expect(result).toMatchObject(expected);
    expect(JSON.stringify(result)).not.toContain('ada@');
  });

  it('tests with one document, however often', async () => {
    const before = standIn.documents.size;
    for (let at = 0; at < 2; at++) expect((await test()).every(({ succeeded }) => succeeded)).toBe(true);
    expect(standIn.documents.size).toBe(before + 1);
    expect(standIn.documents.get('auditkeep-test')).toMatchObject({ auditkeep: 'test' });
  });

  it.each([
    ['wrongSecret', 'authenticate'],
    ['forbidden', 'authorize'],
    ['unavailable', 'send'],
  ] as const)('says in its test how far it came: %s', async (behavior, step) => {
    standIn.behave(behavior);
    expect((await test()).at(-1)).toMatchObject({
      step,
      succeeded: false,
      nextStep: expect.any(String) as string,
    });
  });

  it('says in its test that the target is missing, or refuses documents', async () => {
    expect((await test({ settings: { target: 'other' } })).at(-1)).toMatchObject({ succeeded: false });
    standIn.refuse(() => 400);
    expect((await test()).at(-1)).toMatchObject({ step: 'send', succeeded: false });
  });

  it('connects only where it may', async () => {
    const before = standIn.requests.length;
    const context = { isAllowed: () => false };
    expect(await send(made(1), { context })).toMatchObject({ outcome: 'misconfigured' });
    expect(await test({ context })).toMatchObject([{ step: 'connect', succeeded: false }]);
    expect(standIn.requests).toHaveLength(before);
  });
});
