import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseConfig, parseStorageSettings } from '../../../shared/config.ts';
import { settingDescriptions, type SettingDescription } from '../../../shared/settings.ts';
import { ConfigError } from '../../../shared/errors.ts';
import { foreignWords } from '../../support/foreign-words.ts';
import { hostSettings } from '../../support/host-settings.ts';

const exampleFile = new URL('../../../local.settings.example.json', import.meta.url);
const example = z
  .object({ Values: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(exampleFile, 'utf8'))).Values;
const filledIn = { ...example, AUDITKEEP_SIGNING_KEY: randomBytes(32).toString('base64') };

const describeLimits = (limits: SettingDescription['limits']) =>
  limits === undefined ? '' : `${limits.min} to ${limits.max}`;

function refusal(env: Record<string, string | undefined>): string {
  try {
    parseConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return String(error);
  }
  throw new Error('The settings were accepted.');
}

describe('settings', () => {
  it('are usable as the example gives them, once they have a signing key of their own', () => {
    expect(refusal(example)).toMatch(/AUDITKEEP_SIGNING_KEY: .*base64/);
    const config = parseConfig(filledIn);
    expect(config.credential.kind).toBe('secret');
    expect(config.storage).toEqual({
      kind: 'connectionString',
      connectionString: 'UseDevelopmentStorage=true',
    });
  });

  it('are documented, each once, with what they are for and their default', async () => {
    const rows = settingDescriptions.map(
      ({ name, description, default: fallback = '', limits }) =>
        `| \`${name}\` | ${description} | ${fallback} | ${describeLimits(limits)} |`,
    );
    const page = [
      '# Configuration',
      '',
      'Application settings of the Function App; locally, `Values` in `local.settings.json`. If any setting is missing or',
      'malformed, the app does not start and lists all such settings. This page is generated from the schema in',
      '`shared/settings.ts`: `npx vitest run test/unit/config -u` regenerates it.',
      '',
      '| setting | meaning | default | least to most |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
      'Storage is configured either by `AzureWebJobsStorage` or by the three endpoints and the identity. The Functions host reads the',
      'same settings.',
      '',
      'Only the Functions host reads the following settings. The infrastructure sets those that Azure needs.',
      '',
      '| host setting | meaning | set in |',
      '| --- | --- | --- |',
      ...hostSettings.map(({ name, description, where }) => `| \`${name}\` | ${description} | ${where} |`),
      '',
    ];
    await expect(page.join('\n')).toMatchFileSnapshot('../../../docs/configuration.md');
  });

  it('are refused with every mistake named at once and no value repeated', () => {
    const message = refusal({
      ...filledIn,
      AUDITKEEP_CLIENT_ID: 'not-a-guid-7f3a',
      AUDITKEEP_SIGNING_KEY: 'c2hvcnQ=',
      AUDITKEEP_INVOCATION_BUDGET_SECONDS: '0',
    });
    expect(message).toContain('AUDITKEEP_CLIENT_ID');
    expect(message).toContain('AUDITKEEP_SIGNING_KEY: must be at least 32 bytes');
    expect(message).toContain('AUDITKEEP_INVOCATION_BUDGET_SECONDS');
    expect(message).not.toContain('7f3a');
  });

  const anyText =
    /^(AzureWebJobsStorage|APPLICATIONINSIGHTS_CONNECTION_STRING|.*_SECRET|.*_CERTIFICATE|.*_TOKEN)$/;
  const wrongValues = [
    ...[
      'zq7f3a',
      '-17',
      '1.5',
      '\t\t',
      '1e99',
      'NaN',
      '2026-02-30',
      '31.05.2027',
      '{8d2f}',
      'c2hvcnQ=',
      '%%%',
    ],
    ...['0x10', '5e1', '+5', '5.0', '٥', '0b11'],
    ...['ftp://zq7f3a.example', 'http://zq7f3a.example', 'zq7f3a.example/api', 'https://%zq7f3a', '//zq7f3a'],
  ];
  const sentencesAbout = (name: string, value: string | undefined): readonly string[] => {
    try {
      parseConfig({ ...filledIn, [name]: value });
      return [];
    } catch (error) {
      if (!(error instanceof ConfigError))
        throw new Error(`${name}=${value} breaks the parser`, { cause: error });
      return error.message.split('\n').filter((line) => line.startsWith(`  ${name}: `));
    }
  };

  it.each(settingDescriptions.filter(({ name }) => !anyText.test(name)))(
    'explain a wrong $name: what is wrong and what it is for, once, without its value',
    ({ name, description }) => {
      const refused = wrongValues.flatMap((value) =>
        sentencesAbout(name, value).map((line) => [value, line]),
      );
      expect(refused.map(([value]) => value)).toEqual(wrongValues);
      for (const [value = '', line = ''] of refused) {
        expect(line).not.toMatch(foreignWords);
        expect(line.replace(description, '')).not.toContain(value);
        expect(line).toMatch(/: (must|is not random)/);
        expect(line).toContain(description);
      }
    },
  );

  it.each(settingDescriptions)('refuse a blank $name: it is neither a value nor absent', ({ name }) => {
    for (const blank of [' ', '\t', '\n', ' \u00a0'])
      expect(sentencesAbout(name, blank)).toEqual([expect.stringMatching(/: must/)]);
  });

  it.each(settingDescriptions.filter(({ limits }) => limits !== undefined))(
    'refuse a $name below or above the documented limits',
    ({ name, limits }) => {
      const { min = 0, max = 0 } = limits ?? {};
      for (const value of [String(min), String(max)])
        expect(sentencesAbout(name, value).filter((line) => line.includes(': must be a whole'))).toEqual([]);
      for (const value of [String(min - 1), String(max + 1)])
        expect(sentencesAbout(name, value)).toEqual([
          expect.stringContaining(`must be a whole number from ${min} to ${max}`),
        ]);
    },
  );

  it('refuse a number with anything around it', () => {
    const name = 'AUDITKEEP_PURGE_DELAY_HOURS';
    for (const value of [' 72', '72 ', '72h', '7 2', '-0'])
      expect(sentencesAbout(name, value)).toEqual([
        expect.stringContaining('must be a whole number from 0 to 144'),
      ]);
    expect(parseConfig({ ...filledIn, [name]: '0' }).purgeDelayMs).toBe(0);
    expect(parseConfig({ ...filledIn, [name]: '010' }).purgeDelayMs).toBe(10 * 60 * 60_000);
  });

  it('keep everything by default, and raw blobs as long as the index', () => {
    const retention = (months: string, days: string) =>
      ({ ...filledIn, AUDITKEEP_INDEX_MONTHS: months, AUDITKEEP_RAW_DAYS: days }) as const;
    expect(parseConfig(filledIn).retention).toEqual({});
    expect(parseConfig(retention('12', '403')).retention).toEqual({ indexMonths: 12, rawDays: 403 });
    expect(refusal(retention('12', '402'))).toMatch(/AUDITKEEP_RAW_DAYS: must be at least 403/);
    expect(refusal(retention('', '402'))).toMatch(/AUDITKEEP_RAW_DAYS: requires a limit for the index/);
    expect(refusal(retention('2', ''))).toMatch(/AUDITKEEP_INDEX_MONTHS: must be .* from 3/);
  });

  it('require a public address for the webhook of the feed, and only for that', () => {
    const name = 'AUDITKEEP_FEED_WEBHOOK';
    const url = { AUDITKEEP_PUBLIC_URL: 'https://audit.example/api/' };
    expect(refusal({ ...filledIn, [name]: 'true' })).toContain(
      `AUDITKEEP_PUBLIC_URL: is missing, which ${name} requires`,
    );
    const urlOf = (env: Record<string, string>) => parseConfig({ ...filledIn, ...env }).feedWebhookUrl;
    expect(urlOf({ ...url, [name]: 'true' })).toBe('https://audit.example/api');
    expect([urlOf(url), urlOf({ ...url, [name]: 'false' }), urlOf({ [name]: 'false' })]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('let people sign in to the console only where a cloud is named, at its address or the one that replaces it', () => {
    const signInOf = (env: Record<string, string>) => parseConfig({ ...filledIn, ...env }).consoleSignIn;
    const [name, own] = [
      'AUDITKEEP_CONSOLE_SIGN_IN',
      { AUDITKEEP_AUTHORITY_URL: 'https://sign-in.example' },
    ] as const;
    expect([signInOf({}), signInOf({ [name]: '' })]).toEqual([undefined, undefined]);
    expect(signInOf({ [name]: 'gccHigh' })?.authorityUrl).toBe('https://login.microsoftonline.us');
    expect(signInOf({ [name]: 'enterprise', ...own })?.authorityUrl).toBe('https://sign-in.example');
    expect(signInOf({ [name]: 'enterprise' })?.clientId).toMatch(/^[\da-f-]{36}$/);
    expect(refusal({ ...filledIn, [name]: 'true' })).toContain(name);
  });

  it('explain every missing one, absent or empty', () => {
    const withoutValues = Object.fromEntries(settingDescriptions.map(({ name }) => [name, '']));
    for (const env of [{}, withoutValues]) {
      const lines = refusal(env)
        .split('\n')
        .filter((line) => line.startsWith('  '));
      expect(lines).toEqual([
        expect.stringMatching(
          /^ {2}AzureWebJobsStorage__blobServiceUri: is missing, as is AzureWebJobsStorage\. /,
        ),
        expect.stringMatching(/^ {2}AzureWebJobsStorage__queueServiceUri: is missing, as is AzureWebJobs/),
        expect.stringMatching(/^ {2}AzureWebJobsStorage__tableServiceUri: is missing, as is AzureWebJobs/),
        '  AUDITKEEP_CLIENT_ID: is required and must be a GUID. Client ID of the multi-tenant app registration.',
        expect.stringMatching(/^ {2}AUDITKEEP_MANAGED_IDENTITY_CLIENT_ID: is missing\. Client ID of /),
        expect.stringMatching(/^ {2}AUDITKEEP_PUBLISHER_ID: is required and must be a GUID\. Tenant ID of /),
        expect.stringMatching(
          /^ {2}AUDITKEEP_SIGNING_KEY: is required and must be base64\. At least 32 random /,
        ),
      ]);
    }
  });

  it('say where to change what is wrong', () => {
    for (const env of [{}, { ...filledIn, AUDITKEEP_CREDENTIAL: 'certificate' }])
      expect(refusal(env)).toMatch(
        /\n.*application settings.*local\.settings\.json.*docs\/configuration\.md/,
      );
  });

  it.each([
    ['zeros', Buffer.alloc(32)],
    ['one byte, repeated', Buffer.alloc(48, 'k')],
    ['a word, repeated', Buffer.alloc(32, 'secret')],
  ])('refuse a signing key of %s, also as the previous one', (_, key) => {
    for (const name of ['AUDITKEEP_SIGNING_KEY', 'AUDITKEEP_PREVIOUS_SIGNING_KEY']) {
      const message = refusal({ ...filledIn, [name]: key.toString('base64') });
      expect(message).toContain(`${name}: is not random`);
    }
  });

  it('take a random signing key in any form', () => {
    const hexadecimal = Buffer.from(randomBytes(32).toString('hex'));
    for (const key of [randomBytes(32), randomBytes(64), hexadecimal])
      expect(parseConfig({ ...filledIn, AUDITKEEP_SIGNING_KEY: key.toString('base64') }).signingKeys).toEqual(
        [key],
      );
  });

  it('take the previous signing key in addition to the current one', () => {
    const previous = randomBytes(32);
    const given = { ...filledIn, AUDITKEEP_PREVIOUS_SIGNING_KEY: previous.toString('base64') };
    expect(parseConfig(given).signingKeys[1]).toEqual(previous);
  });

  const addresses = settingDescriptions
    .map(({ name }) => name)
    .filter((name) => /_UR[LI]$|ServiceUri$/.test(name));

  it('refuse addresses that would not keep tokens secret in transit', () => {
    expect(addresses.length).toBeGreaterThan(7);
    for (const name of addresses) {
      for (const address of ['http://login.example', 'http://10.0.0.4', 'http://127.0.0.1.example'])
        expect(refusal({ ...filledIn, [name]: address })).toContain(`${name}: must begin with https://`);
      for (const address of [
        'https://login.example',
        'http://127.0.0.1:7071',
        'http://localhost',
        'http://[::1]:1',
      ])
        expect(() => parseConfig({ ...filledIn, [name]: address })).not.toThrow();
    }
  });

  it.each([
    ['secret', 'AUDITKEEP_CLIENT_SECRET'],
    ['certificate', 'AUDITKEEP_CERTIFICATE'],
    ['managedIdentity', 'AUDITKEEP_MANAGED_IDENTITY_CLIENT_ID'],
  ])('require what the credential %s needs', (kind, name) => {
    expect(refusal({ ...filledIn, AUDITKEEP_CREDENTIAL: kind, [name]: '' })).toContain(`${name}: is missing`);
  });

  it('name at once what the kinds of storage and credential lack, and what is malformed', () => {
    const message = refusal({
      ...filledIn,
      AzureWebJobsStorage: '',
      AzureWebJobsStorage__blobServiceUri: 'http://acc.example',
      AUDITKEEP_CREDENTIAL: 'certificate',
      AUDITKEEP_PURGE_DELAY_HOURS: '3 days',
    });
    expect(
      [...message.matchAll(/^ {2}(\w+): (must|is missing)/gm)].map(([, ...found]) => found.join(' ')),
    ).toEqual([
      'AzureWebJobsStorage__blobServiceUri must',
      'AzureWebJobsStorage__queueServiceUri is missing',
      'AzureWebJobsStorage__tableServiceUri is missing',
      'AUDITKEEP_CERTIFICATE is missing',
      'AUDITKEEP_PURGE_DELAY_HOURS must',
    ]);
  });

  it('ask for nothing of a credential whose kind is unknown', () => {
    const message = refusal({ ...filledIn, AUDITKEEP_CREDENTIAL: 'password', AUDITKEEP_CLIENT_SECRET: '' });
    expect(message).toContain('AUDITKEEP_CREDENTIAL: must be');
    expect(message).not.toContain('is missing');
  });

  it('reach storage by identity where no connection string is given', () => {
    const endpoints = {
      AzureWebJobsStorage__blobServiceUri: 'https://acc.blob.core.windows.net/',
      AzureWebJobsStorage__queueServiceUri: 'https://acc.queue.core.windows.net',
      AzureWebJobsStorage__tableServiceUri: 'https://acc.table.core.windows.net',
    };
    expect(parseConfig({ ...filledIn, AzureWebJobsStorage: undefined, ...endpoints }).storage).toEqual({
      kind: 'identity',
      blobServiceUri: 'https://acc.blob.core.windows.net',
      queueServiceUri: 'https://acc.queue.core.windows.net',
      tableServiceUri: 'https://acc.table.core.windows.net',
      clientId: undefined,
    });
    expect(() => parseStorageSettings({})).toThrow(
      /blobServiceUri: is missing[^]*queueServiceUri: is missing[^]*tableServiceUri: is missing/,
    );
  });
});
