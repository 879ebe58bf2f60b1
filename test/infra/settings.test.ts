import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseConfig } from '../../shared/config.ts';
import { settingDescriptions } from '../../shared/settings.ts';
import { hostSettings } from '../support/host-settings.ts';
import { notDeployed } from './rules/settings.ts';
import { appSettings, loadSnapshot, parameterFiles } from './snapshot.ts';

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');

const example = z
  .object({ Values: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('local.settings.example.json'))).Values;

const ofSchema = settingDescriptions.map(({ name }) => name);
const namesOn = (place: 'Azure' | 'local') =>
  hostSettings.filter(({ where }) => where === place).map(({ name }) => name);

/** What Azure puts in the place of expressions, which are in brackets. */
function evaluated(name: string, value: string): string {
  if (!value.startsWith('[')) return value;
  if (name.endsWith('ServiceUri')) return 'https://account.storage.example/';
  if (name === 'AUDITKEEP_KEY_VAULT_URL') return 'https://vault.example/';
  if (name === 'AUDITKEEP_SIGNING_KEY') return randomBytes(32).toString('base64');
  return name.toLowerCase().endsWith('client_id') || name.endsWith('clientId')
    ? '00000000-0000-4000-8000-0000000000cc'
    : value;
}

describe('settings', () => {
  it.each(parameterFiles)(
    'that %s.bicepparam deploys are enough for the app to start by identity',
    (file) => {
      const deployed = z.record(z.string(), z.string()).parse(appSettings(loadSnapshot(file)));
      const env = Object.fromEntries(
        Object.entries(deployed).map(([name, value]) => [name, evaluated(name, value)]),
      );
      const { storage, credential } = parseConfig(env);
      expect(storage.kind).toBe('identity');
      expect(credential.kind).toBe('managedIdentity');
    },
  );

  it('that are not deployed are in the schema, without a default', () => {
    const withoutDefault = settingDescriptions
      .filter((one) => one.default === undefined)
      .map(({ name }) => name);
    expect(Object.keys(notDeployed).filter((name) => !withoutDefault.includes(name))).toEqual([]);
  });

  it('of the other credentials are deployed when they are chosen', () => {
    const module = read('infra/modules/functionapp.bicep');
    expect(module).toContain(
      "certificate: { AUDITKEEP_CERTIFICATE: secretReference(vaultUri, 'app-certificate') }",
    );
    expect(module).toContain("secret: { AUDITKEEP_CLIENT_SECRET: secretReference(vaultUri, 'app-secret') }");
  });

  it('of the example are those of the schema, or of Core Tools', () => {
    const known = [...ofSchema, ...namesOn('local')];
    expect(Object.keys(example).filter((name) => !known.includes(name))).toEqual([]);
    expect(namesOn('local').filter((name) => !(name in example))).toEqual([]);
  });

  it('are documented, each once', () => {
    const rows = read('docs/configuration.md').matchAll(/^\| `(\w+)` \|/gm);
    const documented = [...rows].map(([, name]) => name);
    expect(documented).toEqual([...ofSchema, ...hostSettings.map(({ name }) => name)]);
  });
});
