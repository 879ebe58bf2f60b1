import fc from 'fast-check';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { secretOfGeneration } from '../../../shared/access/webhook-secrets.ts';
import { verifyWebhook, type WebhookHeaders } from '../../../shared/access/webhook-signature.ts';
import { RequestError } from '../../../shared/errors.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const signingKey = Buffer.alloc(32, 7);
const webhookSecret = (key: Buffer, tenants: string) => secretOfGeneration(key, tenants, 1);
const secretsFor = (tenantId: string) =>
  [tenantId, '*'].map((tenants) => Buffer.from(webhookSecret(signingKey, tenants).slice(6), 'base64'));
const now = new Date('2026-03-10T12:00:00Z');
const seconds = now.getTime() / 1000;
const body = Buffer.from(JSON.stringify({ tenantId: fabrikamId, dryRun: true }));

interface Signing {
  readonly secret?: string;
  readonly id?: string;
  readonly timestamp?: number | string;
  readonly body?: Buffer;
}

/** As the specification says, without our code: the bytes of the secret are the key. */
function signatureOf(signing: Signing = {}, algorithm = 'sha256'): string {
  const secret = signing.secret ?? webhookSecret(signingKey, fabrikamId);
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return createHmac(algorithm, key)
    .update(`${signing.id ?? 'msg_1'}.${signing.timestamp ?? seconds}.`)
    .update(signing.body ?? body)
    .digest('base64');
}

const headersOf = (signing: Signing = {}, changes: Partial<WebhookHeaders> = {}): WebhookHeaders => ({
  id: signing.id ?? 'msg_1',
  timestamp: String(signing.timestamp ?? seconds),
  signature: `v1,${signatureOf(signing)}`,
  ...changes,
});

const verify = (headers: WebhookHeaders, given: { body?: Buffer; tenantId?: string; now?: Date } = {}) =>
  verifyWebhook(
    { headers, body: given.body ?? body },
    { secrets: secretsFor(given.tenantId ?? fabrikamId), now: given.now ?? now },
  );

function refusalOf(attempt: () => unknown): unknown {
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { status, code, message, target, headers } = error;
    return { status, code, message, target, headers };
  }
  throw new Error('It was not refused.');
}

const unsigned = {
  ...{
    status: 401,
    code: 'Unauthorized',
    message:
      'Invalid webhook signature. Sign {webhook-id}.{webhook-timestamp}.{body} with the secret, at most 5 minutes before sending.',
  },
  ...{ target: undefined, headers: {} },
};

describe('a webhook', () => {
  it('signed with the secret of its tenant, or of all tenants, is accepted with its id', () => {
    expect(verify(headersOf())).toBe('msg_1');
    const signing = { secret: webhookSecret(signingKey, '*'), id: 'msg_2' };
    expect(verify(headersOf(signing))).toBe('msg_2');
  });

  it('has a secret that differs for every tenant and signing key, and does not change', () => {
    const secrets = [fabrikamId, adatumId, '*'].map((tenants) => webhookSecret(signingKey, tenants));
    secrets.push(webhookSecret(Buffer.alloc(32, 8), fabrikamId));
    expect(new Set(secrets).size).toBe(4);
    expect(secrets[0]).toBe(webhookSecret(signingKey, fabrikamId));
    for (const secret of secrets) expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });

  it('may be at most five minutes old or early', () => {
    const at = (offset: number) => headersOf({ timestamp: seconds + offset });
    for (const offset of [-300, 0, 300]) expect(verify(at(offset))).toBe('msg_1');
    for (const offset of [-301, 301, -86_400, 31_536_000])
      expect(refusalOf(() => verify(at(offset)))).toEqual(unsigned);
  });

  it('may have several signatures, one of them valid', () => {
    const right = `v1,${signatureOf()}`;
    const other = `v1,${signatureOf({ secret: webhookSecret(Buffer.alloc(32, 9), fabrikamId) })}`;
    for (const signature of [`${other} ${right}`, `${right} ${other}`, `v1a,xyz ${right}`, `v1, ${right}`])
      expect(verify(headersOf({}, { signature }))).toBe('msg_1');
    expect(refusalOf(() => verify(headersOf({}, { signature: `${other} ${other}` })))).toEqual(unsigned);
  });
});

const { privateKey } = generateKeyPairSync('ed25519');
const signed = Buffer.concat([Buffer.from(`msg_1.${seconds}.`), body]);

describe('every attack gets the same answer', () => {
  const attacks: Readonly<Record<string, () => unknown>> = {
    'another body': () =>
      verify(headersOf(), { body: Buffer.from(body.toString().replace('true', 'false')) }),
    'the same JSON, spaced otherwise': () =>
      verify(headersOf(), { body: Buffer.from(body.toString().replace(':', ': ')) }),
    'one byte more': () => verify(headersOf(), { body: Buffer.concat([body, Buffer.from('\n')]) }),
    'another id': () => verify({ ...headersOf(), id: 'msg_9' }),
    'another time': () => verify({ ...headersOf(), timestamp: String(seconds + 1) }),
    'a replay after the window': () => verify(headersOf(), { now: new Date(now.getTime() + 301_000) }),
    "another tenant's secret": () => verify(headersOf({ secret: webhookSecret(signingKey, adatumId) })),
    'for another tenant than it was signed for': () => verify(headersOf(), { tenantId: adatumId }),
    "another deployment's secret": () =>
      verify(headersOf({ secret: webhookSecret(Buffer.alloc(32, 8), fabrikamId) })),
    'the signing key itself': () => verify(headersOf({ secret: signingKey.toString('base64') })),
    'the text of the secret for a key': () => {
      const key = Buffer.from(webhookSecret(signingKey, fabrikamId)).toString('base64');
      return verify(headersOf({ secret: key }));
    },
    'an empty secret': () => verify(headersOf({ secret: 'whsec_' })),
    'no id': () => verify(headersOf({}, { id: null })),
    'an empty id': () => verify(headersOf({ id: '' })),
    'an endless id': () => verify(headersOf({ id: 'x'.repeat(257) })),
    'no timestamp': () => verify(headersOf({}, { timestamp: null })),
    'no signature': () => verify(headersOf({}, { signature: null })),
    'an empty signature': () => verify(headersOf({}, { signature: '' })),
    'a signature of nothing': () => verify(headersOf({}, { signature: 'v1,' })),
    'no version': () => verify(headersOf({}, { signature: signatureOf() })),
    'another version': () => verify(headersOf({}, { signature: `v2,${signatureOf()}` })),
    'the right HMAC as v1a': () => verify(headersOf({}, { signature: `v1a,${signatureOf()}` })),
    'an Ed25519 signature as v1': () =>
      verify(headersOf({}, { signature: `v1,${sign(null, signed, privateKey).toString('base64')}` })),
    'an Ed25519 signature as v1a': () =>
      verify(headersOf({}, { signature: `v1a,${sign(null, signed, privateKey).toString('base64')}` })),
    'SHA-1': () => verify(headersOf({}, { signature: `v1,${signatureOf({}, 'sha1')}` })),
    'SHA-512': () => verify(headersOf({}, { signature: `v1,${signatureOf({}, 'sha512')}` })),
    'a shortened HMAC': () => verify(headersOf({}, { signature: `v1,${signatureOf().slice(0, 8)}` })),
    'other case': () => verify(headersOf({}, { signature: `v1,${signatureOf().toLowerCase()}x` })),
    'a V in capitals': () => verify(headersOf({}, { signature: `V1,${signatureOf()}` })),
    hexadecimal: () =>
      verify(headersOf({}, { signature: `v1,${Buffer.from(signatureOf(), 'base64').toString('hex')}` })),
    'commas for spaces': () => verify(headersOf({}, { signature: `v2,x,v1,${signatureOf()}` })),
  };
  const times = [
    'NaN',
    'Infinity',
    '1e9',
    '-1',
    '',
    ' ',
    `${seconds}.5`,
    ` ${seconds}`,
    '9'.repeat(13),
    '0x69b0',
  ];
  const odd = times.map((timestamp): [string, () => unknown] => [
    `the time ${JSON.stringify(timestamp)}`,
    () => verify(headersOf({ timestamp })),
  ]);
  it.each([...Object.entries(attacks), ...odd])('%s', (_name, attack) => {
    expect(refusalOf(attack)).toEqual(unsigned);
  });

  it('whatever the headers contain', () => {
    const text = fc.option(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constant('v1,AAAA'), fc.constant(String(seconds))),
    );
    fc.assert(
      fc.property(text, text, text, (id, timestamp, signature) => {
        expect(refusalOf(() => verify({ id, timestamp, signature }))).toEqual(unsigned);
      }),
    );
  });
});
