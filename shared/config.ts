/** Turns the environment into typed settings, or says everything that is wrong with it at once. */
import * as z from 'zod';
import type { CallLimitSettings } from './access/call-limits.ts';
import { ConfigError } from './errors.ts';

const url = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''));
const guid = z.guid('must be a GUID').transform((value) => value.toLowerCase());
const count = (fallback: number, max: number) => z.coerce.number().int().min(1).max(max).default(fallback);

const schema = z.object({
  AzureWebJobsStorage: z
    .string()
    .min(1)
    .optional()
    .describe('Connection string of the storage account; local use only.'),
  AzureWebJobsStorage__blobServiceUri: url.optional().describe('Blob endpoint, reached by identity.'),
  AzureWebJobsStorage__queueServiceUri: url.optional().describe('Queue endpoint, reached by identity.'),
  AzureWebJobsStorage__tableServiceUri: url.optional().describe('Table endpoint, reached by identity.'),
  AzureWebJobsStorage__clientId: guid
    .optional()
    .describe('Client id of the user-assigned identity for storage.'),
  APPLICATIONINSIGHTS_CONNECTION_STRING: z
    .string()
    .min(1)
    .optional()
    .describe('Where events and metrics go; without it they are lines of JSON on standard output.'),
  AUDITKEEP_CLIENT_ID: guid.describe('Client id of the multi-tenant app registration.'),
  AUDITKEEP_CREDENTIAL: z
    .enum(['managedIdentity', 'certificate', 'secret'])
    .default('managedIdentity')
    .describe('How the app proves itself to Microsoft 365.'),
  AUDITKEEP_CLIENT_SECRET: z.string().min(1).optional().describe('The secret (credential: secret).'),
  AUDITKEEP_CLIENT_SECRET_EXPIRES: z.iso
    .date()
    .transform((day) => new Date(day))
    .optional()
    .describe('Day on which the secret ends, such as 2027-05-31: it is told of 30 days before.'),
  AUDITKEEP_CERTIFICATE: z
    .string()
    .min(1)
    .optional()
    .describe('PEM of certificate and private key (credential: certificate).'),
  AUDITKEEP_MANAGED_IDENTITY_CLIENT_ID: guid
    .optional()
    .describe("Client id of the user-assigned identity that is the app's federated credential."),
  AUDITKEEP_PUBLISHER_ID: guid.describe(
    'Tenant id of the publisher (yours), sent with every call as PublisherIdentifier.',
  ),
  AUDITKEEP_SIGNING_KEY: z
    .base64()
    .refine((key) => Buffer.from(key, 'base64').length >= 32, 'must be at least 32 bytes, base64')
    .describe(
      'At least 32 random bytes, base64. Signs links and trigger states, and derives the secrets of webhooks: replacing it ' +
        'disables all webhook subscriptions.',
    ),
  AUDITKEEP_PUBLIC_URL: url
    .optional()
    .describe(
      'Where people reach the app, such as https://audit.example/api; by default where the request was sent to.',
    ),
  AUDITKEEP_AUTHORITY_URL: url.optional().describe("Sign-in root, instead of the cloud's own."),
  AUDITKEEP_ACTIVITY_API_URL: url.optional().describe("Activity API root, instead of the cloud's own."),
  AUDITKEEP_GRAPH_URL: url.optional().describe("Graph root, instead of the cloud's own."),
  AUDITKEEP_EXCHANGE_URL: url.optional().describe("Exchange root, instead of the cloud's own."),
  AUDITKEEP_INVOCATION_BUDGET_SECONDS: count(240, 540).describe(
    'How long one invocation (poll, purge, removal, export, enablement) works before it hands the rest to the next.',
  ),
  AUDITKEEP_POLL_TENANT_CONCURRENCY: count(4, 64).describe('Tenants polled at once by one run.'),
  AUDITKEEP_POLL_CEILING_MINUTES: count(30, 1440).describe('A quiet tenant is asked at least this often.'),
  AUDITKEEP_REQUESTS_PER_MINUTE: count(2000, 60_000).describe(
    'Requests to the Activity API per tenant and minute.',
  ),
  AUDITKEEP_FETCH_CONCURRENCY: count(32, 256).describe('Content blobs fetched at once per tenant.'),
  AUDITKEEP_SETTLE_SECONDS: count(60, 3600).describe(
    'A content blob younger than this may still grow; it is fetched later.',
  ),
  AUDITKEEP_CALLS_PER_MINUTE: count(600, 1_000_000).describe(
    'Calls per caller and minute, counted by each instance for itself.',
  ),
  AUDITKEEP_FAILED_CALLS_PER_MINUTE: count(30, 1_000_000).describe(
    'Calls without a valid key, token or signature per client address and minute, counted by each instance.',
  ),
  AUDITKEEP_ACCESS_LOG_DAYS: count(365, 3660).describe('How long entries of the access log are kept.'),
  AUDITKEEP_INDEX_CONCURRENCY: count(16, 128).describe('Table transactions in flight per landing.'),
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
      /** Only the operator knows: nothing that the app may ask tells it. */
      readonly expires?: Date | undefined;
    }
  | { readonly kind: 'certificate'; readonly clientId: string; readonly pem: string }
  | { readonly kind: 'managedIdentity'; readonly clientId: string; readonly identityClientId: string };

/** Endpoints that replace the cloud's own, for the stand-in and for proxies. */
export interface EndpointOverrides {
  readonly authorityUrl: string | undefined;
  readonly activityApiUrl: string | undefined;
  readonly graphUrl: string | undefined;
  readonly exchangeUrl: string | undefined;
}

export interface Config {
  readonly storage: StorageSettings;
  readonly credential: CredentialSettings;
  readonly publisherId: string;
  /** Without a slash at its end. */
  readonly publicUrl: string | undefined;
  readonly signingKey: Buffer;
  readonly endpoints: EndpointOverrides;
  /** How long one invocation works before it hands over, in milliseconds. */
  readonly budgetMs: number;
  readonly poll: PollSettings;
  readonly requestsPerMinute: number;
  readonly indexConcurrency: number;
  readonly callLimits: CallLimitSettings;
  /** Of Application Insights. */
  readonly insightsConnectionString: string | undefined;
  readonly accessLogDays: number;
}

export interface PollSettings {
  readonly tenantConcurrency: number;
  readonly ceilingMs: number;
  readonly fetchConcurrency: number;
  readonly settleMs: number;
}

type Settings = z.infer<typeof schema>;

export interface SettingDescription {
  readonly name: string;
  readonly description: string;
  /** Undefined for a setting that has to be given, or may be absent. */
  readonly default: string | undefined;
}

/** Every setting, in order; the documents are made from it. */
export const settingDescriptions: readonly SettingDescription[] = Object.entries(schema.shape).map(
  ([name, type]) => ({
    name,
    description: type.description ?? '',
    default: type instanceof z.ZodDefault ? String(type.def.defaultValue) : undefined,
  }),
);

/**
 * Parses the environment.
 * @throws ConfigError listing every missing or malformed setting, never a value
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = schema.safeParse(present);
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`The settings are not usable:\n  ${lines.join('\n  ')}`);
  }
  return toConfig(result.data);
}

function toConfig(settings: Settings): Config {
  return {
    storage: toStorage(settings),
    credential: toCredential(settings),
    publisherId: settings.AUDITKEEP_PUBLISHER_ID,
    publicUrl: settings.AUDITKEEP_PUBLIC_URL,
    signingKey: Buffer.from(settings.AUDITKEEP_SIGNING_KEY, 'base64'),
    endpoints: {
      authorityUrl: settings.AUDITKEEP_AUTHORITY_URL,
      activityApiUrl: settings.AUDITKEEP_ACTIVITY_API_URL,
      graphUrl: settings.AUDITKEEP_GRAPH_URL,
      exchangeUrl: settings.AUDITKEEP_EXCHANGE_URL,
    },
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
    },
    insightsConnectionString: settings.APPLICATIONINSIGHTS_CONNECTION_STRING,
    accessLogDays: settings.AUDITKEEP_ACCESS_LOG_DAYS,
  };
}

/** Storage settings alone, for commands that need nothing else. */
export function parseStorageSettings(env: Readonly<Record<string, string | undefined>>): StorageSettings {
  return toStorage({
    AzureWebJobsStorage: env['AzureWebJobsStorage'],
    AzureWebJobsStorage__blobServiceUri: env['AzureWebJobsStorage__blobServiceUri'],
    AzureWebJobsStorage__queueServiceUri: env['AzureWebJobsStorage__queueServiceUri'],
    AzureWebJobsStorage__tableServiceUri: env['AzureWebJobsStorage__tableServiceUri'],
    AzureWebJobsStorage__clientId: env['AzureWebJobsStorage__clientId'],
  });
}

function toStorage(
  settings: Pick<
    Settings,
    | 'AzureWebJobsStorage'
    | 'AzureWebJobsStorage__blobServiceUri'
    | 'AzureWebJobsStorage__queueServiceUri'
    | 'AzureWebJobsStorage__tableServiceUri'
    | 'AzureWebJobsStorage__clientId'
  >,
): StorageSettings {
  if (settings.AzureWebJobsStorage !== undefined && settings.AzureWebJobsStorage !== '') {
    return { kind: 'connectionString', connectionString: settings.AzureWebJobsStorage };
  }
  return {
    kind: 'identity',
    blobServiceUri: required(
      settings.AzureWebJobsStorage__blobServiceUri,
      'AzureWebJobsStorage__blobServiceUri',
    ),
    queueServiceUri: required(
      settings.AzureWebJobsStorage__queueServiceUri,
      'AzureWebJobsStorage__queueServiceUri',
    ),
    tableServiceUri: required(
      settings.AzureWebJobsStorage__tableServiceUri,
      'AzureWebJobsStorage__tableServiceUri',
    ),
    clientId: settings.AzureWebJobsStorage__clientId,
  };
}

function toCredential(settings: Settings): CredentialSettings {
  const clientId = settings.AUDITKEEP_CLIENT_ID;
  switch (settings.AUDITKEEP_CREDENTIAL) {
    case 'secret':
      return {
        kind: 'secret',
        clientId,
        clientSecret: required(settings.AUDITKEEP_CLIENT_SECRET, 'AUDITKEEP_CLIENT_SECRET'),
        expires: settings.AUDITKEEP_CLIENT_SECRET_EXPIRES,
      };
    case 'certificate':
      return {
        kind: 'certificate',
        clientId,
        pem: required(settings.AUDITKEEP_CERTIFICATE, 'AUDITKEEP_CERTIFICATE'),
      };
    case 'managedIdentity': {
      const identity = settings.AUDITKEEP_MANAGED_IDENTITY_CLIENT_ID;
      return {
        kind: 'managedIdentity',
        clientId,
        identityClientId: required(identity, 'AUDITKEEP_MANAGED_IDENTITY_CLIENT_ID'),
      };
    }
  }
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '')
    throw new ConfigError(`The settings are not usable:\n  ${name}: is missing`);
  return value;
}
