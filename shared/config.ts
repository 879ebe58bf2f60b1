/** Turns the environment into typed settings, or reports everything that is wrong with it at once. */
import * as z from 'zod';
import type { CallLimitSettings } from './access/call-limits.ts';
import type { SigningKeys } from './access/signing-keys.ts';
import { cloudEndpoints } from './activity/clouds.ts';
import type { ConsoleSignIn } from './console/serve.ts';
import { describeIssue } from './describe-issue.ts';
import { ConfigError } from './errors.ts';
import type { ReportLimits } from './reports/report-inputs.ts';
import { flawOfRetention, type Retention } from './retention/retention.ts';
import {
  credentialKinds,
  defaultCredential,
  neededBy,
  settingDescriptions,
  settingsSchema,
  type Settings,
} from './settings.ts';

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
  const result = settingsSchema.safeParse(present, { error: describeIssue });
  const flaws = new Map([
    ...missingIn(present),
    ...malformedIn(result.error?.issues ?? []),
    ...(result.success ? flawsOfRetention(result.data) : []),
  ]);
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
  return [...missingOfStorage(present), ...missing, ...missingForWebhook(present)];
}

/** Microsoft keeps the address: it cannot be that of whichever request came last. */
function missingForWebhook(present: Environment): Flaws {
  const { AUDITKEEP_FEED_WEBHOOK: webhook } = present;
  const flaw = 'is missing, which AUDITKEEP_FEED_WEBHOOK requires';
  return webhook === 'true' ? missingAmong(present, ['AUDITKEEP_PUBLIC_URL'], flaw) : [];
}

function flawsOfRetention(settings: Settings): Flaws {
  const flaw = flawOfRetention(toRetention(settings));
  return flaw === undefined ? [] : [['AUDITKEEP_RAW_DAYS', flaw]];
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
    /** Of the app, if Microsoft shall announce new content there. */
    feedWebhookUrl: settings.AUDITKEEP_FEED_WEBHOOK === 'true' ? settings.AUDITKEEP_PUBLIC_URL : undefined,
    consoleSignIn: toConsoleSignIn(settings),
    /** Where the daily checkpoint is sent. */
    checkpointWebhookUrl: settings.AUDITKEEP_CHECKPOINT_WEBHOOK,
    keyVaultUrl: settings.AUDITKEEP_KEY_VAULT_URL,
    /** In CIDR notation. */
    destinationNetworks: settings.AUDITKEEP_DESTINATION_NETWORKS ?? [],
    signingKeys: toSigningKeys(settings),
    /** Replace the cloud's own, for the simulator and for proxies. */
    endpoints: {
      authorityUrl: settings.AUDITKEEP_AUTHORITY_URL,
      activityApiUrl: settings.AUDITKEEP_ACTIVITY_API_URL,
      graphUrl: settings.AUDITKEEP_GRAPH_URL,
      exchangeUrl: settings.AUDITKEEP_EXCHANGE_URL,
      partnerCenterUrl: settings.AUDITKEEP_PARTNER_CENTER_URL,
    },
    /** Of a user of the partner, whose tenant is that of the publisher. */
    partnerRefreshToken: settings.AUDITKEEP_PARTNER_REFRESH_TOKEN,
    /** Set by the operator, because nothing tells. */
    partnerTokenExpires: settings.AUDITKEEP_PARTNER_TOKEN_EXPIRES,
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
    reportLimits: {
      rows: settings.AUDITKEEP_REPORT_ROWS,
      keys: settings.AUDITKEEP_REPORT_KEYS,
    } satisfies ReportLimits,
    /** Of Application Insights. */
    insightsConnectionString: settings.APPLICATIONINSIGHTS_CONNECTION_STRING,
    accessLogDays: settings.AUDITKEEP_ACCESS_LOG_DAYS,
    /** Of tenants that have none of their own. */
    retention: toRetention(settings),
    compactAfterMonths: settings.AUDITKEEP_COMPACT_AFTER_MONTHS,
    purgeDelayMs: settings.AUDITKEEP_PURGE_DELAY_HOURS * 60 * 60_000,
  };
}

/** Undefined where people need a key. */
function toConsoleSignIn(settings: Settings): ConsoleSignIn | undefined {
  const { AUDITKEEP_CONSOLE_SIGN_IN: cloud, AUDITKEEP_CLIENT_ID: clientId } = settings;
  if (cloud === undefined) return undefined;
  return { clientId, authorityUrl: settings.AUDITKEEP_AUTHORITY_URL ?? cloudEndpoints[cloud].authorityUrl };
}

function toRetention({
  AUDITKEEP_INDEX_MONTHS: indexMonths,
  AUDITKEEP_RAW_DAYS: rawDays,
}: Settings): Retention {
  return { indexMonths, rawDays };
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
