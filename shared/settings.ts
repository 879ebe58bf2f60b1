/** Every setting of the app: its form, its default, and what it is for. */
import * as z from 'zod';
import { cloudSchema } from './activity/clouds.ts';
import { flawOfSigningKey } from './access/signing-keys.ts';
import { leastAgeMonths } from './index/segments/month-layout.ts';
import { usualPurgeDelayHours } from './offboarding/removal.ts';
import { leastIndexMonths, mostIndexMonths, mostRawDays } from './retention/retention.ts';
import { parseNetwork } from './records/networks.ts';
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
const wholeNumber = (max: number, min: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  const inRange = z.number().min(min, message).max(max, message);
  return digits(message).transform(Number).pipe(inRange);
};
const count = (fallback: number, max: number, min = 1) => wholeNumber(max, min).default(fallback);

const signingKey = z.base64().superRefine((key, context) => {
  const message = flawOfSigningKey(key);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/** Microsoft keeps content for seven days: a purge that is called back later would have lost some. */
const maxPurgeDelayHours = 144;

/** How the app may authenticate to Microsoft 365. */
export const credentialKinds = ['managedIdentity', 'certificate', 'secret'] as const;
/** Unless AUDITKEEP_CREDENTIAL names another. */
export const defaultCredential = 'managedIdentity';
/** The setting that each kind of credential requires. */
export const neededBy = {
  managedIdentity: 'AUDITKEEP_MANAGED_IDENTITY_CLIENT_ID',
  certificate: 'AUDITKEEP_CERTIFICATE',
  secret: 'AUDITKEEP_CLIENT_SECRET',
} as const;

/** Every setting on its own; what some of them require together is checked when they are read. */
export const settingsSchema = z.object({
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
  AUDITKEEP_PARTNER_REFRESH_TOKEN: text.describe(
    'Refresh token of a user of your own tenant, for Partner Center: lists your customers, and consents in their tenants without a link. A secret of great power, see docs/partner-center.md.',
  ),
  AUDITKEEP_PARTNER_TOKEN_EXPIRES: z.iso
    .date()
    .transform((day) => new Date(day))
    .optional()
    .describe(
      'When the refresh token expires, 90 days after it was issued, such as 2027-05-31; a warning is raised 30 days earlier.',
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
  AUDITKEEP_FEED_WEBHOOK: z
    .enum(['true', 'false'])
    .default('false')
    .describe(
      'true: Microsoft announces new content at the public address, so that it is collected earlier. Requires AUDITKEEP_PUBLIC_URL, reachable from the internet.',
    ),
  AUDITKEEP_CONSOLE_SIGN_IN: cloudSchema
    .optional()
    .describe(
      'The cloud in which people sign in to the console with Microsoft Entra ID: enterprise, gcc, gccHigh, or dod; by default, they need a key. Run register-app with --url first.',
    ),
  AUDITKEEP_CHECKPOINT_WEBHOOK: url.describe(
    'Address outside Azure to which the daily checkpoint of all chains is sent, signed; by default, it is only stored. See docs/evidence.md.',
  ),
  AUDITKEEP_KEY_VAULT_URL: url.describe(
    'Key Vault that the secrets of destinations and channels are read from. Without it, they cannot have any.',
  ),
  AUDITKEEP_DESTINATION_NETWORKS: z
    .string()
    .transform((value) => value.split(',').map((network) => network.trim()))
    .refine((networks) => networks.every((network) => parseNetwork(network) !== undefined), {
      error: 'must be networks separated by commas, such as 10.1.0.0/16',
    })
    .optional()
    .describe(
      'Networks that are not public, separated by commas, in which destinations and channels may be. Without it, only public addresses are allowed.',
    ),
  AUDITKEEP_AUTHORITY_URL: url.describe("Replaces the cloud's own sign-in address."),
  AUDITKEEP_ACTIVITY_API_URL: url.describe("Replaces the cloud's own Activity API address."),
  AUDITKEEP_GRAPH_URL: url.describe("Replaces the cloud's own Graph address."),
  AUDITKEEP_EXCHANGE_URL: url.describe("Replaces the cloud's own Exchange address."),
  AUDITKEEP_PARTNER_CENTER_URL: url.describe("Replaces Partner Center's own address."),
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
  AUDITKEEP_REPORT_ROWS: count(1000, 10_000).describe(
    'Rows that a table of a report lists; more are counted, and the report says so.',
  ),
  AUDITKEEP_REPORT_KEYS: count(20_000, 50_000).describe(
    'People, addresses, and other keys that a report counts by; of more, only the number is known. What it remembers of them must fit into 16 MB.',
  ),
  AUDITKEEP_ACCESS_LOG_DAYS: count(365, 3660).describe('How long access log entries are kept.'),
  AUDITKEEP_COMPACT_AFTER_MONTHS: count(3, 1200, leastAgeMonths).describe(
    'Whole months after which the index of a month moves from its table to blob storage, where it takes a seventh of the bytes.',
  ),
  AUDITKEEP_INDEX_MONTHS: wholeNumber(mostIndexMonths, leastIndexMonths)
    .optional()
    .describe(
      'Whole months before the current one whose records are kept, for tenants without a retention of their own; by default forever. See docs/retention.md.',
    ),
  AUDITKEEP_RAW_DAYS: wholeNumber(mostRawDays, 1)
    .optional()
    .describe(
      'Days for which raw blobs are kept, for tenants without a retention of their own; by default forever. Requires AUDITKEEP_INDEX_MONTHS, and 31 days for each of its months and the current one.',
    ),
  AUDITKEEP_PURGE_DELAY_HOURS: count(usualPurgeDelayHours, maxPurgeDelayHours, 0).describe(
    'Hours for which a purge of a tenant can be called back before it begins; 0: it begins at once.',
  ),
  AUDITKEEP_INDEX_CONCURRENCY: count(16, 128).describe(
    'Number of concurrent table transactions per landing.',
  ),
});

/** Settings as parsed, by name. */
export type Settings = z.infer<typeof settingsSchema>;

export interface SettingDescription {
  readonly name: string;
  readonly description: string;
  /** Undefined for required settings and for optional ones without a default. */
  readonly default: string | undefined;
  /** Of whole numbers, both allowed; undefined for all others. */
  readonly limits: { readonly min: number; readonly max: number } | undefined;
}

/** Every setting, in order; docs/configuration.md is generated from it. */
export const settingDescriptions: readonly SettingDescription[] = Object.entries(settingsSchema.shape).map(
  ([name, type]) => ({
    name,
    description: type.description ?? '',
    default: type instanceof z.ZodDefault ? String(type.def.defaultValue) : undefined,
    limits: limitsOf(type),
  }),
);

function limitsOf(type: unknown): SettingDescription['limits'] {
  if (type instanceof z.ZodDefault || type instanceof z.ZodOptional) return limitsOf(type.unwrap());
  const number = type instanceof z.ZodPipe ? type.out : undefined;
  if (!(number instanceof z.ZodNumber)) return undefined;
  const { minValue: min, maxValue: max } = number;
  return min === null || max === null ? undefined : { min, max };
}
