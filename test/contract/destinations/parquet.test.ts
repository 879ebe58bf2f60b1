/** What senders promise, kept by the one that stores Parquet files; against the storage emulator, and read by DuckDB. */
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createParquetOpener } from '../../../shared/adapters/destinations/parquet.ts';
import { bindKind, type SenderContext } from '../../../shared/destinations/kind.ts';
import { parquet, parquetSettings } from '../../../shared/destinations/kinds/parquet.ts';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import { startAzurite, type Azurite } from '../../local/azurite.ts';
import { createServerCertificate } from '../../simulator/ca.ts';
import { createLake, type Lake } from '../../support/destinations/lake.ts';
import { outgoingRecord } from '../../support/destinations/outgoing-records.ts';
import { rowsIn } from '../../support/destinations/parquet-rows.ts';
import { senderContext } from '../../support/destinations/sender-context.ts';
import {
  startStorageFront,
  type FrontRequest,
  type Passage,
  type StorageFront,
} from '../../support/destinations/storage-front.ts';
import { openStorage, type TestStorage } from '../../support/run/storage.ts';
import { describeSender, type Behavior } from './senders.ts';

/** Like the kind, but that the identity may sign in on this machine. */
const onThisMachine = {
  ...parquet,
  settings: z.strictObject({ ...parquetSettings.shape, url: z.url() }),
};
const kind = bindKind(onThisMachine, createParquetOpener());

let storage: TestStorage;
beforeAll(async () => {
  storage = await openStorage();
});
afterAll(() => storage.close());

type PassageOf = Parameters<typeof startStorageFront>[1];

const secret = 'destination-lake';
const sas = { kind: 'sas', secret };

function refusal(status: number, code: string): Passage {
  // Messages repeat what was sent.
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>ada@fabrikam.example</Message></Error>`;
  return { status, body, ...(status === 503 ? { headers: { 'retry-after': '7' } } : {}) };
}

async function idsIn({ body }: FrontRequest): Promise<readonly unknown[]> {
  return (await rowsIn(body, ['id'])).map(({ id }) => id);
}

const passages: Partial<Record<Behavior, PassageOf>> = {
  busy: () => refusal(503, 'ServerBusy'),
  unavailable: () => refusal(500, 'InternalError'),
  cut: () => 'cut',
  full: async (request) =>
    (await idsIn(request)).length > 2 ? refusal(413, 'RequestBodyTooLarge') : 'passed',
};

describeSender({
  keepsDuplicates: parquet.keepsDuplicates,
  shows: ['busy', 'unavailable', 'cut', 'full', 'wrongSecret', 'forbidden'],
  open: async () => {
    const lake = await createLake(storage.connectionString);
    let behavior: Behavior | undefined;
    const front = await startStorageFront(lake.upstream, (request) =>
      behavior === undefined ? 'passed' : (passages[behavior]?.(request) ?? 'passed'),
    );
    const [good, readOnly] = await Promise.all([lake.signature(), lake.signature('r')]);
    // The emulator itself refuses these.
    const signatures: Partial<Record<Behavior, string>> = {
      wrongSecret: good.replace(/sig=[^&]*/, `sig=${'A'.repeat(43)}%3D`),
      forbidden: readOnly,
    };
    const settings = {
      url: `${front.origin}${lake.path}`,
      authentication: sas,
      certificateAuthority: front.ca,
    };
    return {
      kind: kind.configured(settings),
      context: senderContext({
        secret: () => Promise.resolve((behavior === undefined ? undefined : signatures[behavior]) ?? good),
      }),
      behave: (next) => {
        behavior = next;
      },
      received: async () => {
        const rows = await lake.ask('SELECT id FROM records ORDER BY sequence, line');
        return rows.map(({ id }) => String(id));
      },
      close: async () => {
        await front.stop();
        await lake.close();
      },
    };
  },
});

describe('the sender of Parquet files', () => {
  let lake: Lake;
  let front: StorageFront;
  let passage: PassageOf = () => 'passed';
  let signature: string;
  beforeAll(async () => {
    lake = await createLake(storage.connectionString);
    front = await startStorageFront(lake.upstream, (request) => passage(request));
    signature = await lake.signature();
  });
  afterAll(async () => {
    await front.stop();
    await lake.close();
  });

  const opened = (settings: object = {}, context: Partial<SenderContext> = {}) => {
    const configured = kind.configured({
      ...{ url: `${front.origin}${lake.path}`, authentication: sas, certificateAuthority: front.ca },
      ...settings,
    });
    const secretIs = () => Promise.resolve(signature);
    return { configured, sender: configured.open(senderContext({ secret: secretIs, ...context })) };
  };
  const send = async (
    id: string,
    records: readonly OutgoingRecord[],
    ...[settings, context]: Parameters<typeof opened>
  ) => {
    const { configured, sender } = opened(settings, context);
    try {
      return await sender.send({ id, records: records.map(configured.encode) }, AbortSignal.timeout(30_000));
    } finally {
      await sender.close();
    }
  };
  const test = async (...[settings, context]: Parameters<typeof opened>) => {
    const { sender } = opened(settings, context);
    try {
      return await sender.test(AbortSignal.timeout(30_000));
    } finally {
      await sender.close();
    }
  };

  it('stores a file for each day of a batch, in folders of the tenant and the day', async () => {
    const place = { sequence: 1_772_440_000_123, line: 0 };
    const records = ['2026-03-01T23:59:59', '2026-03-02T00:00:00', '2026-03-01T00:00:00'].map(
      (CreationTime) => outgoingRecord({ CreationTime }, { place }),
    );
    expect(await send('days', records)).toEqual({ outcome: 'accepted', duplicates: 0 });
    const tenant = records[0]?.tenantId ?? '';
    const names = (await lake.names()).filter((name) => name.includes('days'));
    expect(names).toEqual([
      `tenant=${tenant}/date=2026-03-01/1772440000123-days.parquet`,
      `tenant=${tenant}/date=2026-03-02/1772440000123-days.parquet`,
    ]);
  });

  it('never writes a file again: what is there already are duplicates, also of a part of the batch', async () => {
    const records = ['2026-04-01T08:00:00', '2026-04-02T08:00:00'].map((CreationTime) =>
      outgoingRecord({ CreationTime }),
    );
    passage = ({ path }) => (path.includes('date=2026-04-02') ? refusal(503, 'ServerBusy') : 'passed');
    expect(await send('again', records)).toMatchObject({ outcome: 'retry', afterMs: 7000 });
    passage = () => 'passed';
    expect(await send('again', records)).toEqual({ outcome: 'accepted', duplicates: 1 });
    expect(await send('again', records)).toEqual({ outcome: 'accepted', duplicates: 2 });
    const sent = front.requests.filter(({ path }) => path.includes('again'));
    for (const day of ['2026-04-01', '2026-04-02']) {
      const bodies = sent.filter(({ path }) => path.includes(day)).map(({ body }) => body.toString('base64'));
      expect(new Set(bodies).size).toBe(1);
    }
  });

  it('stores below folders of the address, if it has some', async () => {
    const url = `${front.origin}${lake.path}/audit/microsoft-365/`;
    expect(await send('folders', [outgoingRecord()], { url })).toMatchObject({ outcome: 'accepted' });
    const names = (await lake.names()).filter((name) => name.includes('folders'));
    expect(names).toMatchObject([expect.stringMatching(/^audit\/microsoft-365\/tenant=/)]);
  });

  it('sends a token of the identity for Azure Storage, and its date', async () => {
    passage = () => ({ status: 201 });
    expect(await send('identity', [outgoingRecord()], { authentication: { kind: 'entra' } })).toMatchObject({
      outcome: 'accepted',
    });
    passage = () => 'passed';
    expect(front.requests.at(-1)).toMatchObject({
      method: 'PUT',
      path: expect.not.stringContaining('?') as string,
      headers: {
        authorization: 'Bearer token for https://storage.azure.com/.default',
        'x-ms-version': '2023-11-03',
        'x-ms-date': 'Mon, 02 Mar 2026 08:10:00 GMT',
        'x-ms-blob-type': 'BlockBlob',
        'if-none-match': '*',
        'content-type': 'application/vnd.apache.parquet',
      },
    });
  });

  it.each([
    ['after a question mark', (text: string) => `?${text}`],
    ['with a line break', (text: string) => `${text}\n`],
    [
      'in a connection string',
      (text: string) => `BlobEndpoint=https://a.example/;SharedAccessSignature=${text}`,
    ],
  ])('takes a signature %s', async (_, written) => {
    const context = { secret: () => Promise.resolve(written(signature)) };
    expect(await send(crypto.randomUUID(), [outgoingRecord()], {}, context)).toMatchObject({
      outcome: 'accepted',
    });
  });

  it.each(['no signature', 'AccountName=a;AccountKey=abc==', '', 'sv=1&sig=a\r\nx: y'])(
    'says that %j is none, and sends nothing',
    async (text) => {
      const before = front.requests.length;
      const context = { secret: () => Promise.resolve(text) };
      expect(await send('none', [outgoingRecord()], {}, context)).toMatchObject({
        outcome: 'misconfigured',
        cause: 'The secret is not a shared access signature.',
      });
      expect((await test({}, context)).at(-1)).toMatchObject({ step: 'authenticate', succeeded: false });
      expect(front.requests).toHaveLength(before);
    },
  );

  it.each([
    [201, '', { outcome: 'accepted', duplicates: 0 }],
    [409, 'BlobAlreadyExists', { outcome: 'accepted', duplicates: 1 }],
    [409, 'BlobImmutableDueToPolicy', { outcome: 'accepted', duplicates: 1 }],
    [412, 'ConditionNotMet', { outcome: 'accepted', duplicates: 1 }],
    [
      400,
      'InvalidInput',
      {
        outcome: 'accepted',
        rejects: [{ index: 0, cause: 'The storage account answered 400 (InvalidInput).' }],
      },
    ],
    [400, 'Md5Mismatch', { outcome: 'retry' }],
    [
      401,
      'InvalidAuthenticationInfo',
      { outcome: 'misconfigured', nextStep: expect.stringContaining('Entra') as string },
    ],
    [
      403,
      'AuthenticationFailed',
      { outcome: 'misconfigured', nextStep: expect.stringContaining('expired') as string },
    ],
    [
      403,
      'AuthorizationFailure',
      { outcome: 'misconfigured', nextStep: expect.stringContaining('firewall') as string },
    ],
    [
      403,
      'AuthorizationPermissionMismatch',
      {
        outcome: 'misconfigured',
        nextStep: expect.stringContaining('Storage Blob Data Contributor') as string,
      },
    ],
    [
      403,
      'KeyBasedAuthenticationNotPermitted',
      { outcome: 'misconfigured', nextStep: expect.stringContaining('user delegation') as string },
    ],
    [
      404,
      'ContainerNotFound',
      { outcome: 'misconfigured', nextStep: expect.stringContaining('Create') as string },
    ],
    [409, 'ContainerBeingDeleted', { outcome: 'retry' }],
    [409, 'ResourceTypeMismatch', { outcome: 'misconfigured' }],
    [409, 'LeaseIdMissing', { outcome: 'misconfigured' }],
    [413, 'RequestBodyTooLarge', { outcome: 'tooLarge' }],
    [429, '', { outcome: 'retry' }],
    [500, 'OperationTimedOut', { outcome: 'retry' }],
    [503, 'ServerBusy', { outcome: 'retry', afterMs: 7000 }],
  ])('takes %i %s for %o', async (status, code, expected) => {
    passage = () => refusal(status, code);
    const result = await send('answer', [outgoingRecord()]);
    passage = () => 'passed';
    expect(result).toMatchObject(expected);
    expect(JSON.stringify(result)).not.toMatch(/ada@|sig=/);
  });

  it('finds the record that is refused, and stores the others of its file once', async () => {
    const days = ['2026-05-01T08:00:00', '2026-05-02T08:00:00', '2026-05-02T08:00:00', '2026-05-02T08:00:00'];
    const records = days.map((CreationTime) => outgoingRecord({ CreationTime }));
    const refused = records[2]?.id ?? '';
    passage = async (asked) =>
      (await idsIn(asked)).includes(refused) ? refusal(400, 'InvalidInput') : 'passed';
    const rejects = [{ index: 2, cause: 'The storage account answered 400 (InvalidInput).' }];
    expect(await send('poison', records)).toEqual({ outcome: 'accepted', duplicates: 0, rejects });
    expect(await send('poison', records)).toEqual({ outcome: 'accepted', duplicates: 3, rejects });
    passage = () => 'passed';
    const rows = await lake.ask(`SELECT id FROM records WHERE date BETWEEN '2026-05-01' AND '2026-05-02'`);
    const expected = records.map(({ id }) => id).filter((id) => id !== refused);
    expect(rows.map(({ id }) => id).toSorted()).toEqual(expected.toSorted());
  });

  it('gives up on single records where everything is refused', async () => {
    const before = front.requests.length;
    passage = () => refusal(400, 'InvalidInput');
    const records = Array.from({ length: 200 }, () => outgoingRecord());
    expect(await send('all', records)).toMatchObject({ outcome: 'refused' });
    passage = () => 'passed';
    expect(front.requests.length - before).toBeLessThan(150);
  });

  it('writes nothing into the storage of the app itself', async () => {
    const before = front.requests.length;
    const own = bindKind(onThisMachine, createParquetOpener(`${front.origin}/`)).configured({
      url: `${front.origin}${lake.path}`,
    });
    const sender = own.open(senderContext());
    const batch = { id: 'own', records: [own.encode(outgoingRecord())] };
    expect(await sender.send(batch, AbortSignal.timeout(30_000))).toMatchObject({
      outcome: 'misconfigured',
      cause: 'The address is in the storage account of Auditkeep itself.',
    });
    expect(front.requests).toHaveLength(before);
    await sender.close();
  });

  it('tests with an empty file that engines do not read, as often as one likes', async () => {
    const passed = [
      { step: 'connect', succeeded: true },
      { step: 'send', succeeded: true },
    ];
    expect(await test()).toMatchObject(passed);
    expect(await test()).toMatchObject(passed);
    expect((await lake.names()).filter((name) => !name.endsWith('.parquet'))).toEqual(['_auditkeep-test']);
  });

  it('says in its test what is missing', async () => {
    const expectLast = async (expected: object, ...how: Parameters<typeof opened>) => {
      expect((await test(...how)).at(-1)).toMatchObject({ succeeded: false, ...expected });
    };
    const readOnly = await lake.signature('r');
    await expectLast({ step: 'authorize' }, {}, { secret: () => Promise.resolve(readOnly) });
    passage = () => refusal(403, 'AuthenticationFailed');
    await expectLast({ step: 'authenticate' });
    passage = () => 'passed';
    await expectLast({ step: 'connect' }, { url: `https://127.0.0.1:1${lake.path}` });
    await expectLast({ step: 'connect' }, {}, { isAllowed: () => false });
    await expectLast({ step: 'connect' }, { certificateAuthority: undefined });
  });
});

describe('the identity of the app, at the storage emulator with TLS', () => {
  let azurite: Azurite;
  let ca: string;
  beforeAll(async () => {
    const { caPem, certificatePem, privateKeyPem } = await createServerCertificate();
    ca = caPem;
    azurite = await startAzurite({ certificate: { certificatePem, privateKeyPem } });
    expect(await ask('PUT', '?restype=container')).toMatchObject({ status: 201 });
  }, 60_000);
  afterAll(() => azurite.stop());

  const tokenFor = (audience: string) =>
    new UnsecuredJWT()
      .setAudience(audience)
      .setIssuer('https://sts.windows.net/3f0c9f1e-1111-4222-8333-444455556666/')
      .setIssuedAt()
      .setNotBefore('0 seconds')
      .setExpirationTime('1 hour')
      .encode();
  const tokenOf = (scope: string) => tokenFor(scope.replace('/.default', ''));
  const url = () => `${/BlobEndpoint=([^;]+)/.exec(azurite.connectionString)?.[1] ?? ''}/records`;
  const ask = (method: string, path: string) =>
    new Promise<{ readonly status: number | undefined; readonly body: string }>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${tokenFor('https://storage.azure.com')}`,
        'x-ms-version': '2023-11-03',
      };
      request(`${url()}${path}`, { method, headers, ca }, (answer) => {
        text(answer).then((body) => {
          resolve({ status: answer.statusCode, body });
        }, reject);
      })
        .once('error', reject)
        .end();
    });
  const send = async (token: SenderContext['token']) => {
    const configured = kind.configured({ url: url(), certificateAuthority: ca });
    const sender = configured.open(senderContext({ token }));
    const batch = { id: 'identity', records: [configured.encode(outgoingRecord())] };
    const result = await sender.send(batch, AbortSignal.timeout(30_000));
    await sender.close();
    return result;
  };

  it('stores files', async () => {
    expect(await send((scope) => Promise.resolve(tokenOf(scope)))).toEqual({
      outcome: 'accepted',
      duplicates: 0,
    });
    expect((await ask('GET', '?restype=container&comp=list')).body).toContain('-identity.parquet</Name>');
  });

  it('is refused with a token for something else', async () => {
    const result = await send(() => Promise.resolve(tokenFor('https://vault.azure.net')));
    expect(result).toMatchObject({ outcome: 'misconfigured' });
  });
});
