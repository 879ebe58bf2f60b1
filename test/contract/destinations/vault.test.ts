/** What reads secrets promises, against the simulator's vault, with tokens of its managed identity. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { createDestinations } from '../../../functions/dependencies/destinations.ts';
import { createSecretReader } from '../../../shared/adapters/destinations/vault.ts';
import { parseConfig } from '../../../shared/config.ts';
import {
  bindKind,
  SecretUnavailableError,
  type DestinationSender,
  type SenderContext,
} from '../../../shared/destinations/kind.ts';
import { simulatorSettings } from '../../local/simulator-settings.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { stubIdentity } from '../../support/process-identity.ts';

const name = 'destination-siem';
const value = 'the value of the secret';

let folder: string;
let simulator: Simulator;
let clock: Date;
let token: SenderContext['token'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vault-'));
  simulator = await startSimulator({ tenants: [], caFile: join(folder, 'ca.pem') });
});

afterAll(async () => {
  await simulator.stop();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  await stubIdentity({ endpoint: simulator.identityEndpoint, header: simulator.identityHeader });
  clock = new Date('2026-03-10T12:00:00Z');
  simulator.vault.set(name, { value });
  token = tokenOf({});
});

afterEach(() => {
  vi.unstubAllEnvs();
  simulator.vault.allow(true);
  simulator.faults.clear();
});

/** Of an app whose storage has a connection string, as on a developer's machine. */
function tokenOf(settings: Readonly<Record<string, string>>): SenderContext['token'] {
  const config = parseConfig({
    ...simulatorSettings(simulator),
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    AUDITKEEP_CREDENTIAL: 'managedIdentity',
    AUDITKEEP_MANAGED_IDENTITY_CLIENT_ID: simulator.managedIdentity.clientId,
    ...settings,
  });
  return createDestinations(config, () => clock).senderContext.token;
}

function openReader(url: string | undefined = simulator.baseUrl): SenderContext['secret'] {
  return createSecretReader({
    ...{ url, token, certificateAuthority: simulator.caPem },
    now: () => clock,
  });
}

const reads = (): number => simulator.counters.snapshot().requests.vault ?? 0;

async function failureOf(secret: Promise<string>): Promise<unknown> {
  return await secret.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a secret', () => {
  it('is read with a token of the managed identity that the app signs in to tenants with', async () => {
    expect(await openReader()(name)).toBe(value);
  });

  it('is kept for five minutes', async () => {
    const read = openReader();
    await read(name);
    const before = reads();
    clock = new Date(clock.getTime() + 5 * 60_000 - 1);
    expect(await read(name)).toBe(value);
    expect(reads()).toBe(before);
  });

  it('that is rotated is used five minutes later', async () => {
    const read = openReader();
    await read(name);
    simulator.vault.set(name, { value: 'rotated' });
    clock = new Date(clock.getTime() + 5 * 60_000 + 1);
    expect(await read(name)).toBe('rotated');
  });

  it('that is missing can be read as soon as it is there', async () => {
    const read = openReader();
    await expect(read('destination-later')).rejects.toThrow(SecretUnavailableError);
    simulator.vault.set('destination-later', { value });
    expect(await read('destination-later')).toBe(value);
  });
});

const refusals: readonly (readonly [string, () => void])[] = [
  ['is missing', () => undefined],
  [
    'is disabled',
    () => {
      simulator.vault.set('destination-other', { value, enabled: false });
    },
  ],
  [
    'may not be read by the identity',
    () => {
      simulator.vault.set('destination-other', { value });
      simulator.vault.allow(false);
    },
  ],
];

describe.each(refusals)('a secret that %s', (_, arrange) => {
  it('stops the destination until someone acts, and names the secret', async () => {
    arrange();
    const error = await failureOf(openReader()('destination-other'));
    expect(error).toBeInstanceOf(SecretUnavailableError);
    expect(String(error)).toContain('destination-other');
    expect(await sentWith(openReader(), 'destination-other')).toMatchObject({
      outcome: 'misconfigured',
      nextStep: expect.stringContaining('vault') as string,
    });
  });
});

describe('an app without a vault or an identity', () => {
  it('says which setting is missing', async () => {
    const read = createSecretReader({ url: undefined, token, now: () => clock });
    await expect(read(name)).rejects.toThrow(/AUDITKEEP_KEY_VAULT_URL/);
  });

  it('says that it has no identity', async () => {
    token = tokenOf({ AUDITKEEP_CREDENTIAL: 'secret', AUDITKEEP_CLIENT_SECRET: 'any' });
    const error = await failureOf(openReader()(name));
    expect(error).toBeInstanceOf(SecretUnavailableError);
    expect(String(error)).toContain('no identity');
  });
});

describe.each([
  ['is throttled', { kind: 'throttled' } as const],
  ['fails', { kind: 'error', status: 503, code: 'ServiceUnavailable', message: value } as const],
  ['breaks the connection', { kind: 'connection-reset' } as const],
  ['is a page of a proxy', { kind: 'html', status: 200 } as const],
])('a vault that %s', (_, effect) => {
  beforeEach(() => {
    simulator.faults.add({ match: { operation: 'vault' }, effect, times: 1 });
  });

  it('may pass: the batch is sent later, and succeeds', async () => {
    const read = openReader();
    expect(await sentWith(read, name)).toMatchObject({ outcome: 'retry', cause: 'VaultUnavailableError' });
    expect(await sentWith(read, name)).toEqual({ outcome: 'accepted' });
  });

  it('leaves neither the secret nor the token in the error', async () => {
    const issued = await token('https://vault.azure.net/.default');
    token = () => Promise.resolve(issued);
    const error = await failureOf(openReader()(name));
    expect(error).toBeInstanceOf(Error);
    const shown = inspect(error, { depth: null, showHidden: true });
    expect([value, issued].filter((secret) => shown.includes(secret))).toHaveLength(0);
  });
});

/** By a sender that needs a secret. */
function sentWith(secret: SenderContext['secret'], wanted: string): ReturnType<DestinationSender['send']> {
  const declared = {
    ...{ name: 'any', title: 'Any', keepsDuplicates: false, settings: z.strictObject({}) },
    ...{ limits: () => ({ records: 1, bytes: 1 }), encode: () => Buffer.alloc(0) },
  };
  const kind = bindKind(declared, (_, context) => ({
    send: async () => {
      await context.secret(wanted);
      return { outcome: 'accepted' };
    },
    test: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  }));
  const context = { secret, token, isAllowed: () => true, now: () => clock };
  return kind.configured({}).open(context).send({ id: 'any', records: [] }, AbortSignal.timeout(10_000));
}
