/** `auditkeep key`: creates the first client key, or prints or renews the secret of a signed webhook. */
import { scopes, uselessScopes } from '../../shared/access/api-keys.ts';
import { allTenants, canonicalSet, termOfTag } from '../../shared/access/tenant-set.ts';
import { tagSchema } from '../../shared/tenants/tags.ts';
import type { Context, Define } from '../command-line/context.ts';
import { UsageError } from '../command-line/failure.ts';
import { listOf, oneOf, parsedBy, tenantId, text, wholeNumber } from '../command-line/values.ts';
import { reportOnStorage, storageHelpWith } from '../storage/storage.ts';
import { createKey } from './create-key.ts';
import { showCheckpointSecret, signedWebhooks } from './signed-webhooks.ts';
import { unusedTags } from './unused-tags.ts';

const dayMs = 24 * 60 * 60_000;
const defaultDays = 365;
const defaultOverlapHours = 24;
const maxOverlapHours = 30 * 24;

const signingKeyHelp = `
  AUDITKEEP_SIGNING_KEY                 with --webhook or --checkpoints: the signing key of the app`;

export const define: Define = (command, context) => {
  command
    .description(
      'Creates a client key, stores its hash, and prints the key once. With --webhook prints the secret that signs ' +
        'POST /webhooks/enablement, derived from AUDITKEEP_SIGNING_KEY; --renew replaces it.',
    )
    .option('--name <name>', 'who will use the key', text)
    .option('--tenant <tenant>', 'ID of the only tenant that it is for (default: all)', tenantId)
    .option('--tags <list>', 'tags of the only tenants that the key is for', listOf(parsedBy(tagSchema)))
    .option('--scopes <list>', `what the key may do: ${scopes.join(', ')}`, listOf(oneOf(scopes)))
    .option('--days <days>', `days until it expires (default: ${defaultDays})`, wholeNumber(1, 36_500))
    .option('--never-expires', 'create a key that works until it is revoked')
    .option('--webhook', 'print the secret of the webhook')
    .option('--checkpoints', 'print the secret that signs the daily checkpoint, see docs/evidence.md')
    .option('--renew', 'with --webhook: replace the secret of this tenant, or that for all tenants')
    .option(
      '--overlap-hours <hours>',
      `with --renew: how long the previous secret works as well (default: ${defaultOverlapHours})`,
      wholeNumber(0, maxOverlapHours),
    )
    .addHelpText('after', storageHelpWith(signingKeyHelp))
    .action((options) => run(context, options));
};

interface Options extends Omit<KeyOptions, 'tenants'> {
  readonly tenant?: string;
  readonly tags?: readonly string[];
  readonly webhook?: true;
  readonly checkpoints?: true;
  readonly renew?: true;
  readonly overlapHours?: number;
}

async function run(context: Context, { webhook, checkpoints, ...options }: Options): Promise<void> {
  const { renew, overlapHours, tenant, tags = [], ...wanted } = options;
  if (webhook !== true && (renew ?? overlapHours) !== undefined)
    throw new UsageError('--renew and --overlap-hours need --webhook');
  if (tags.length > 0 && (webhook ?? checkpoints) === true)
    throw new UsageError('--tags is for client keys only');
  const tenants = setOf(tenant, tags);
  if (checkpoints === true) showCheckpointSecret(context);
  else if (webhook !== true) await createClientKey(context, { ...wanted, tenants });
  else if (renew === true) await signedWebhooks(context).renew(tenants, overlapHours ?? defaultOverlapHours);
  else await signedWebhooks(context).show(tenants);
}

/** All tenants, unless some are named. */
function setOf(tenant: string | undefined, tags: readonly string[]): string {
  const named = [...(tenant === undefined ? [] : [tenant]), ...tags.map(termOfTag)];
  return canonicalSet(named.length === 0 ? [allTenants] : named);
}

interface KeyOptions {
  readonly tenants: string;
  readonly name?: string;
  readonly scopes?: readonly (typeof scopes)[number][];
  readonly days?: number;
  readonly neverExpires?: boolean;
}

async function createClientKey(context: Context, { tenants, name, ...options }: KeyOptions): Promise<void> {
  if (name === undefined) throw new UsageError('--name is missing: say who will use the key');
  const { scopes: wanted } = options;
  if (wanted === undefined) {
    throw new UsageError(`--scopes is missing: list what the key may do, among ${scopes.join(', ')}`);
  }
  const useless = uselessScopes({ tenants, scopes: wanted }).join(', ');
  if (useless !== '')
    throw new UsageError(
      `Only keys of all tenants can use ${useless}: leave that out, or leave out --tenant and --tags`,
    );
  const expiresDateTime = endOf(context, options);
  await reportOnStorage(context, async (storage) => {
    const key = await createKey({ storage, name, tenants, scopes: wanted, expiresDateTime });
    const end = expiresDateTime?.toISOString().slice(0, 10);
    context.notify(
      end === undefined ? 'The key never expires: revoke it in time.' : `The key expires on ${end}.`,
    );
    const unused = await unusedTags(storage, tenants);
    if (unused.length > 0) context.notify(warningOf(unused));
    return { exitCode: 0, answer: { name, tenants, scopes: wanted, expiresDateTime, key }, text: key };
  });
}

function warningOf(tags: readonly string[]): string {
  return `No tenant has ${tags.join(', ')} as a tag yet. Check the spelling: the key opens nothing by it until one has.`;
}

/** @throws UsageError */
function endOf({ now }: Context, { days, neverExpires = false }: Pick<KeyOptions, 'days' | 'neverExpires'>) {
  if (neverExpires && days !== undefined)
    throw new UsageError('--days and --never-expires exclude each other');
  return neverExpires ? undefined : new Date(now().getTime() + (days ?? defaultDays) * dayMs);
}
