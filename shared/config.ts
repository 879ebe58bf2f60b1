/** Turns the environment into typed settings, or reports everything that is wrong with it at once. */
import * as z from 'zod';
import type { CallLimitSettings } from './access/call-limits.ts';
import { flawOfSigningKey, type SigningKeys } from './access/signing-keys.ts';
import { describeIssue } from './describe-issue.ts';
import { ConfigError } from './errors.ts';
import { keepsSecrets } from './secure-url.ts';

const url = z
  .url({ protocol: /^https?$/, abort: true })
  .refine((value) => keepsSecrets(new URL(value)), 'must begin with https://, to keep secrets in transit')
  .transform((value) => value.replace(/\/+$/, ''))
  .optional();
const text = z.string().regex(/\S/, 'must not be blank').optional();
const guid = z.guid().toLowerCase();
/** Coercion would accept blanks as 0, and hexadecimal. */
const digits = (message: string) => z.string().regex(/^\d{1,15}$/, message);
const count = (fallback: number, max: number, min = 1) => {
  const message = `must be a whole number from ${min} to ${max}`;
  const inRange = z.number().min(min, message).max(max, message);
  return digits(message).transform(Number).pipe(inRange).default(fallback);
};

const signingKey = z.base64().superRefine((key, context) => {
  const message = flawOfSigningKey(key);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/** Microsoft keeps content for seven days: a purge that is called back later would have lost some. */
const maxPurgeDelayHours = 144;

const credentialKinds = ['managedIdentity', 'certificate', 'secret'] as const;
const defaultCredential = 'managedIdentity';
const neededBy = {
  managedIdentity: 'AUDITKEEP_MANAGED_IDENTITY_CLIENT_ID',
  certificate: 'AUDITKEEP_CERTIFICATE',
  secret: 'AUDITKEEP_CLIENT_SECRET',
} as const;

const schema = z.object({
  AzureWebJobsStorage: text.describe('Connection string of the storage account; for local use only.'),
  AzureWebJobsStorage__blobServiceUri: url.describe('Blob endpoint, accessed with the identity.'),
  AzureWebJobsStorage__queueServiceUri: url.describe('Queue endpoint, accessed with the identity.'),
  AzureWebJobsStorage__tableServiceUri: url.describe('Table endpoint, accessed with the identity.'),
  AzureWebJobsStorage__clientId: guid
    .optional()
    .describe('Client ID of the user-assigned identity for storage.'),
  APPLICATIONINSIGHTS_CONNECTION_STRING: text.describe(
    'Where to send events and metrics. Without it, they are written to standard output as lines of JSON.',
  ),
  AUDITKEEP_CLIENT_ID: guid.describe('Client ID of the multi-tenant app registration.'),
  AUDITKEEP_CREDENTIAL: z
    .enum(credentialKinds)
    .default(defaultCredential)
    .describe('How the app authenticates to Microsoft 365.'),
  AUDITKEEP_CLIENT_SECRET: text.describe('The client secret (credential: secret).'),
  AUDITKEEP_CLIENT_SECRET_EXPIRES: z.iso
    .date()
    .transform((day) => new Date(day))
    .optional()
    .describe('Expiry date of the client secret, such as 2027-05-31; a warning is raised 30 days earlier.'),
  AUDITKEEP_CERTIFICATE: text.describe('PEM with certificate and private key (credential: certificate).'),
  AUDITKEEP_MANAGED_IDENTITY_CLIENT_ID: guid
    .optional()
    .describe("Client ID of the user-assigned identity that is the app's federated credential."),
  AUDITKEEP_PUBLISHER_ID: guid.describe(
    'Tenant ID of the publisher (your own), sent with every call as PublisherIdentifier.',
  ),
  AUDITKEEP_SIGNING_KEY: signingKey.describe(
    'At least 32 random bytes, base64. Signs links and trigger states and derives webhook secrets.',
  ),
  AUDITKEEP_PREVIOUS_SIGNING_KEY: signingKey
    .optional()
    .describe(
      'The signing key before the current one: what it signed and encrypted is still accepted. Only while a key is replaced.',
    ),
  AUDITKEEP_PUBLIC_URL: url.describe(
    'Public address of the app, such as https://audit.example/api; by default, the address to which the request was sent.',
  ),
  AUDITKEEP_AUTHORITY_URL: url.describe("Replaces the cloud's own sign-in address."),
  AUDITKEEP_ACTIVITY_API_URL: url.describe("Replaces the cloud's own Activity API address."),
  AUDITKEEP_GRAPH_URL: url.describe("Replaces the cloud's own Graph address."),
  AUDITKEEP_EXCHANGE_URL: url.describe("Replaces the cloud's own Exchange address."),
  AUDITKEEP_INVOCATION_BUDGET_SECONDS: count(240, 480).describe(
    'Time budget of one invocation (poll, purge, removal, export, enablement) before it hands the rest to the next one.',
  ),
  AUDITKEEP_POLL_TENANT_CONCURRENCY: count(4, 64).describe(
    'Number of tenants that one run polls concurrently.',
  ),
  AUDITKEEP_POLL_CEILING_MINUTES: count(30, 1440).describe(
    'Longest interval between polls of a quiet tenant.',
  ),
  AUDITKEEP_REQUESTS_PER_MINUTE: count(2000, 60_000).describe(
    'Maximum requests to the Activity API per tenant and minute.',
  ),
  AUDITKEEP_FETCH_CONCURRENCY: count(32, 256).describe(
    'Number of content blobs fetched concurrently per tenant.',
  ),
  AUDITKEEP_SETTLE_SECONDS: count(60, 3600).describe(
    'A content blob younger than this may still grow, so it is fetched later.',
  ),
  AUDITKEEP_CALLS_PER_MINUTE: count(600, 1_000_000).describe(
    'Maximum calls per caller and minute, counted separately by each instance.',
  ),
  AUDITKEEP_FAILED_CALLS_PER_MINUTE: count(30, 1_000_000).describe(
    'Maximum calls without a valid key, token, or signature per client IP address and minute, and wrong secrets per key, counted separately by each instance.',
  ),
  AUDITKEEP_QUERIES_PER_CALLER: count(4, 1000).describe(
    'Maximum queries of records that one caller runs at once, counted separately by each instance. Twice as many wait; more are refused.',
  ),
  AUDITKEEP_ACCESS_LOG_DAYS: count(365, 3660).describe('How long access log entries are kept.'),
  AUDITKEEP_PURGE_DELAY_HOURS: count(72, maxPurgeDelayHours, 0).describe(
    'Hours for which a purge of a tenant can be called back before it begins; 0: it begins at once.',
  ),
  AUDITKEEP_INDEX_CONCURRENCY: count(16, 128).describe(
    'Number of concurrent table transactions per landing.',
  ),
});

export type StorageSettings =
  | { readonly kind: 'connectionString'; readonly connectionString: string }
  | {
      readonly kind: 'identity';
      readonly blobServiceUri: string;
      readonly queueServiceUri: string;
      readonly tableServiceUri: string;
      readonly clientId: string | undefined;
    };

export type CredentialSettings =
  | {
      readonly kind: 'secret';
      readonly clientId: string;
      readonly clientSecret: string;
      /** Set by the operator, because the app has no permission to read it from Entra ID. */
      readonly expires?: Date | undefined;
    }
  | { readonly kind: 'certificate'; readonly clientId: string; readonly pem: string }
  | { readonly kind: 'managedIdentity'; readonly clientId: string; readonly identityClientId: string };

/** Typed settings: times in milliseconds, addresses without a trailing slash. */
export type Config = ReturnType<typeof toConfig>;

type Settings = z.infer<typeof schema>;

export interface SettingDescription {
  readonly name: string;
  readonly description: string;
  /** Undefined for required settings and for optional ones without a default. */
  readonly default: string | undefined;
}

/** Every setting, in order; docs/configuration.md is generated from it. */
export const settingDescriptions: readonly SettingDescription[] = Object.entries(schema.shape).map(
  ([name, type]) => ({
    name,
    description: type.description ?? '',
    default: type instanceof z.ZodDefault ? String(type.def.defaultValue) : undefined,
  }),
);

type Environment = Readonly<Record<string, string | undefined>>;
/** Names of settings, each with what continues a sentence that begins with it. */
type Flaws = readonly (readonly [name: string, flaw: string])[];

/**
 * Parses the environment.
 * @throws ConfigError naming every missing or malformed setting, what is wrong, and what it is for; never a value
 */
export function parseConfig(env: Environment): Config {
  const present = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = schema.safeParse(present, { error: describeIssue });
  const flaws = new Map([...missingIn(present), ...malformedIn(result.error?.issues ?? [])]);
  if (result.success && flaws.size === 0) return toConfig(result.data);
  throw invalidSettings(flaws);
}

/** Of several flaws of a setting, the first. */
function malformedIn(issues: readonly z.core.$ZodIssue[]): Flaws {
  return issues.toReversed().map(({ path, message }) => [String(path[0]), message]);
}

/** What settings of a kind require, which the schema of each setting does not know. */
function missingIn(present: Environment): Flaws {
  const { AUDITKEEP_CREDENTIAL: credential = defaultCredential } = present;
  const required = z.enum(credentialKinds).safeParse(credential).data;
  const missing = required === undefined ? [] : missingAmong(present, [neededBy[required]], 'is missing');
  return [...missingOfStorage(present), ...missing];
}

function missingOfStorage(present: Environment): Flaws {
  if (isPresent(present, 'AzureWebJobsStorage')) return [];
  return missingAmong(present, storageEndpoints, 'is missing, as is AzureWebJobsStorage');
}

function missingAmong(present: Environment, names: readonly string[], flaw: string): Flaws {
  return names.filter((name) => !isPresent(present, name)).map((name) => [name, flaw]);
}

function isPresent(settings: Environment, name: string): boolean {
  return (settings[name] ?? '') !== '';
}

/** @param flaws continue sentences that begin with the name of the setting */
function invalidSettings(flaws: ReadonlyMap<string, string>): ConfigError {
  const lines = settingDescriptions.flatMap(({ name, description }) =>
    flaws.has(name) ? [`  ${name}: ${flaws.get(name) ?? ''}. ${description}`] : [],
  );
  return new ConfigError(`Invalid settings:\n${lines.join('\n')}\n${whereToChange}`);
}

const whereToChange =
  'Change them in the application settings of the Function App, or in Values of local.settings.json on your computer. ' +
  'docs/configuration.md describes them all.';

function toConfig(settings: Settings) {
  return {
    storage: parseStorageSettings(settings),
    credential: toCredential(settings),
    publisherId: settings.AUDITKEEP_PUBLISHER_ID,
    publicUrl: settings.AUDITKEEP_PUBLIC_URL,
    signingKeys: toSigningKeys(settings),
    /** Replace the cloud's own, for the simulator and for proxies. */
    endpoints: {
      authorityUrl: settings.AUDITKEEP_AUTHORITY_URL,
      activityApiUrl: settings.AUDITKEEP_ACTIVITY_API_URL,
      graphUrl: settings.AUDITKEEP_GRAPH_URL,
      exchangeUrl: settings.AUDITKEEP_EXCHANGE_URL,
    },
    /** Of one invocation before it hands over. */
    budgetMs: settings.AUDITKEEP_INVOCATION_BUDGET_SECONDS * 1000,
    poll: {
      tenantConcurrency: settings.AUDITKEEP_POLL_TENANT_CONCURRENCY,
      ceilingMs: settings.AUDITKEEP_POLL_CEILING_MINUTES * 60_000,
      fetchConcurrency: settings.AUDITKEEP_FETCH_CONCURRENCY,
      settleMs: settings.AUDITKEEP_SETTLE_SECONDS * 1000,
    },
    requestsPerMinute: settings.AUDITKEEP_REQUESTS_PER_MINUTE,
    indexConcurrency: settings.AUDITKEEP_INDEX_CONCURRENCY,
    callLimits: {
      callsPerMinute: settings.AUDITKEEP_CALLS_PER_MINUTE,
      failuresPerMinute: settings.AUDITKEEP_FAILED_CALLS_PER_MINUTE,
      queriesPerCaller: settings.AUDITKEEP_QUERIES_PER_CALLER,
    } satisfies CallLimitSettings,
    /** Of Application Insights. */
    insightsConnectionString: settings.APPLICATIONINSIGHTS_CONNECTION_STRING,
    accessLogDays: settings.AUDITKEEP_ACCESS_LOG_DAYS,
    purgeDelayMs: settings.AUDITKEEP_PURGE_DELAY_HOURS * 60 * 60_000,
  };
}

function toSigningKeys({
  AUDITKEEP_SIGNING_KEY: current,
  AUDITKEEP_PREVIOUS_SIGNING_KEY: previous,
}: Settings): SigningKeys {
  const older = previous === undefined ? [] : [Buffer.from(previous, 'base64')];
  return [Buffer.from(current, 'base64'), ...older];
}

const storageEndpoints = [
  'AzureWebJobsStorage__blobServiceUri',
  'AzureWebJobsStorage__queueServiceUri',
  'AzureWebJobsStorage__tableServiceUri',
] as const;
type StorageName =
  'AzureWebJobsStorage' | 'AzureWebJobsStorage__clientId' | (typeof storageEndpoints)[number];

/** Only the storage settings, for commands that need nothing else. @throws ConfigError naming those that are missing */
export function parseStorageSettings(
  settings: Readonly<Partial<Record<StorageName, string | undefined>>>,
): StorageSettings {
  const { AzureWebJobsStorage: connectionString = '' } = settings;
  if (connectionString !== '') return { kind: 'connectionString', connectionString };
  const missing = missingOfStorage(settings);
  if (missing.length > 0) throw invalidSettings(new Map(missing));
  return {
    kind: 'identity',
    blobServiceUri: required(settings, 'AzureWebJobsStorage__blobServiceUri'),
    queueServiceUri: required(settings, 'AzureWebJobsStorage__queueServiceUri'),
    tableServiceUri: required(settings, 'AzureWebJobsStorage__tableServiceUri'),
    clientId: settings.AzureWebJobsStorage__clientId,
  };
}

function toCredential(settings: Settings): CredentialSettings {
  const { AUDITKEEP_CREDENTIAL: kind, AUDITKEEP_CLIENT_ID: clientId } = settings;
  switch (kind) {
    case 'secret': {
      const clientSecret = required(settings, neededBy[kind]);
      return { kind, clientId, clientSecret, expires: settings.AUDITKEEP_CLIENT_SECRET_EXPIRES };
    }
    case 'certificate':
      return { kind, clientId, pem: required(settings, neededBy[kind]) };
    case 'managedIdentity':
      return { kind, clientId, identityClientId: required(settings, neededBy[kind]) };
  }
}

function required<Name extends string>(
  settings: Readonly<Partial<Record<Name, string | undefined>>>,
  name: Name,
): string {
  const value = settings[name] ?? '';
  if (value === '') throw invalidSettings(new Map([[name, 'is missing']]));
  return value;
}
