/** `auditkeep key`: creates the first client key, or derives a webhook's secret. */
import * as z from 'zod';
import { scopes } from '../../shared/access/api-keys.ts';
import { webhookSecret } from '../../shared/access/webhook-signature.ts';
import type { Context, Define, Outcome } from '../command-line/context.ts';
import { UsageError } from '../command-line/failure.ts';
import { guid, listOf, oneOf, text, wholeNumber } from '../command-line/values.ts';
import { reportOnStorage, storageHelp, withLocalSettings } from '../storage/storage.ts';
import { createKey } from './create-key.ts';

const dayMs = 24 * 60 * 60_000;

export const define: Define = (command, context) => {
  command
    .description(
      'Creates a client key, stores its hash, and prints the key once. With --webhook prints the secret that signs ' +
        'POST /webhooks/enablement: it is derived from AUDITKEEP_SIGNING_KEY, and changes only with it.',
    )
    .option('--name <name>', 'who will use the key', text)
    .option('--tenant <id>', 'the only tenant that it is for (default: all tenants)', guid)
    .option('--scopes <list>', `${scopes.join(', ')} (default: all)`, listOf(oneOf(scopes)))
    .option('--days <days>', 'days until it expires (default: never)', wholeNumber(1, 36_500))
    .option('--webhook', 'print the secret of the webhook')
    .addHelpText('after', storageHelp)
    .action(async ({ name, tenant = '*', scopes: wanted = [...scopes], days, webhook }) => {
      if (webhook) {
        context.report(secretFor(context, tenant));
        return;
      }
      if (name === undefined) throw new UsageError('--name is missing: say who will use the key');
      const expiresDateTime =
        days === undefined ? undefined : new Date(context.now().getTime() + days * dayMs);
      await reportOnStorage(context, async (storage) => {
        const key = await createKey({ storage, name, tenants: tenant, scopes: wanted, expiresDateTime });
        return {
          exitCode: 0,
          answer: { name, tenants: tenant, scopes: wanted, expiresDateTime, key },
          text: key,
        };
      });
    });
};

/** @throws UsageError when the signing key is missing or too short */
function secretFor(context: Context, tenants: string): Outcome {
  const env = withLocalSettings(context, 'AUDITKEEP_SIGNING_KEY');
  const { data: key } = z.base64().min(44).safeParse(env['AUDITKEEP_SIGNING_KEY']);
  if (key === undefined)
    throw new UsageError('AUDITKEEP_SIGNING_KEY must be the base64 of at least 32 bytes');
  const secret = webhookSecret(Buffer.from(key, 'base64'), tenants);
  return { exitCode: 0, answer: { tenants, secret }, text: secret };
}
