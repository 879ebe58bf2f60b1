/** `npm run key`: makes a client key, prints it once, and stores its hash; or derives a webhook's secret. */
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { newApiKey, scopes, scopeSchema, type Scope } from '../shared/access/api-keys.ts';
import { webhookSecret } from '../shared/access/webhook-signature.ts';
import { createApiKeyStore } from '../shared/adapters/tables/api-key-store.ts';
import { createTables } from '../shared/adapters/tables/tables.ts';
import { parseStorageSettings, type StorageSettings } from '../shared/config.ts';
import { tenantIdSchema } from '../shared/tenants/tenant.ts';

export interface CreateKeyOptions {
  readonly storage: StorageSettings;
  readonly name: string;
  /** One tenant's id, or `*`. */
  readonly tenants: string;
  readonly scopes: readonly Scope[];
  readonly expiresDateTime?: Date | undefined;
}

/** The text of a new key, which is not kept anywhere. */
export async function createKey(options: CreateKeyOptions): Promise<string> {
  const { storage, ...wanted } = options;
  const { key, text } = newApiKey({ expiresDateTime: undefined, ...wanted }, new Date());
  await createApiKeyStore(createTables(storage)).create(key);
  return text;
}

const usage = `Usage: npm run key -- --name NAME [--tenant ID] [--scopes a,b] [--days N]
  --name    who will use it
  --tenant  the one tenant it is for; without it the key is for all tenants
  --scopes  of ${scopes.join(', ')}; all of them without it
  --days    how long it is valid; for ever without it
       npm run key -- --webhook [--tenant ID]
  the secret that signs POST /webhooks/enablement, for one tenant or for all; it is derived from
  AUDITKEEP_SIGNING_KEY and stays the same until that changes
Storage is taken from the environment, or from Values in local.settings.json.`;

const localSettings = z.object({ Values: z.record(z.string(), z.string()) });

function environment(): Readonly<Record<string, string | undefined>> {
  const file = 'local.settings.json';
  const values = existsSync(file) ? localSettings.parse(JSON.parse(readFileSync(file, 'utf8'))).Values : {};
  return { ...values, ...process.env };
}

function readArguments(args: string[]) {
  return parseArgs({
    args,
    options: {
      name: { type: 'string' },
      tenant: { type: 'string' },
      scopes: { type: 'string' },
      days: { type: 'string' },
      webhook: { type: 'boolean', default: false },
    },
  }).values;
}

type Arguments = ReturnType<typeof readArguments>;

function tenantsOf({ tenant }: Arguments): string {
  return tenant === undefined ? '*' : tenantIdSchema.parse(tenant);
}

async function keyFor(values: Arguments): Promise<string> {
  const lifetime = z.coerce.number().int().min(1).optional().parse(values.days);
  return await createKey({
    storage: parseStorageSettings(environment()),
    name: z.string('--name is missing').min(1).parse(values.name),
    tenants: tenantsOf(values),
    scopes: z
      .array(scopeSchema)
      .min(1)
      .parse(values.scopes?.split(',') ?? [...scopes]),
    expiresDateTime: lifetime === undefined ? undefined : new Date(Date.now() + lifetime * 24 * 60 * 60_000),
  });
}

function webhookSecretFor(values: Arguments): string {
  const key = z
    .base64('AUDITKEEP_SIGNING_KEY is missing')
    .min(44)
    .parse(environment()['AUDITKEEP_SIGNING_KEY']);
  return webhookSecret(Buffer.from(key, 'base64'), tenantsOf(values));
}

async function main(): Promise<void> {
  const values = readArguments(process.argv.slice(2));
  console.log(values.webhook ? webhookSecretFor(values) : await keyFor(values));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().catch((error: unknown) => {
    const reason = error instanceof z.ZodError ? (error.issues[0]?.message ?? '') : String(error);
    console.error(`${reason}\n\n${usage}`);
    process.exitCode = 1;
  });
}
