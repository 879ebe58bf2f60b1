/** The secrets that sign `POST /webhooks/enablement`, and that of checkpoints. */
import * as z from 'zod';
import { flawOfSigningKey, type SigningKeys } from '../../shared/access/signing-keys.ts';
import {
  renewWebhookSecret,
  webhookSecret,
  type WebhookSecretDeps,
} from '../../shared/access/webhook-secrets.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createWebhookGenerationStore } from '../../shared/adapters/tables/webhook-generation-store.ts';
import type { StorageSettings } from '../../shared/config.ts';
import { checkpointSecret } from '../../shared/evidence/send-checkpoint.ts';
import type { Context } from '../command-line/context.ts';
import { UsageError } from '../command-line/failure.ts';
import { reportOnStorage, withLocalSettings } from '../storage/storage.ts';

const hourMs = 60 * 60_000;

export interface SignedWebhooks {
  /** Prints the current secret. @param tenants one tenant's ID, or `*` */
  show(tenants: string): Promise<void>;
  /** Replaces the secret, and prints the new one. */
  renew(tenants: string, overlapHours: number): Promise<void>;
}

/** @throws UsageError when the signing key is missing, too short, or not random */
export function signedWebhooks(context: Context): SignedWebhooks {
  const signingKeys = signingKeysIn(context);
  const depsOn = (storage: StorageSettings): WebhookSecretDeps => ({
    signingKeys,
    generations: createWebhookGenerationStore(createTables(storage)),
    now: context.now,
  });
  return {
    show: (tenants) =>
      reportOnStorage(context, async (storage) => {
        const secret = await webhookSecret(depsOn(storage), tenants);
        return { exitCode: 0, answer: { tenants, secret }, text: secret };
      }),
    renew: (tenants, overlapHours) =>
      reportOnStorage(context, async (storage) => {
        const overlapMs = overlapHours * hourMs;
        const { secret, overlapUntil } = await renewWebhookSecret(depsOn(storage), tenants, overlapMs);
        context.notify(`The previous secret works until ${overlapUntil.toISOString()}.`);
        return {
          exitCode: 0,
          answer: { tenants, secret, previousSecretExpiresDateTime: overlapUntil },
          text: secret,
        };
      }),
  };
}

/** Prints the secret that signs checkpoints. @throws UsageError as {@link signedWebhooks} */
export function showCheckpointSecret(context: Context): void {
  const secret = checkpointSecret(signingKeysIn(context));
  context.report({ exitCode: 0, answer: { secret }, text: secret });
}

function signingKeysIn(context: Context): SigningKeys {
  const env = withLocalSettings(context, 'AUDITKEEP_SIGNING_KEY');
  if ((env['AUDITKEEP_SIGNING_KEY'] ?? '') === '') {
    throw new UsageError(
      'AUDITKEEP_SIGNING_KEY is missing: set it to the signing key of the app, from which the secret is derived',
    );
  }
  const { data: key = '' } = z.base64().safeParse(env['AUDITKEEP_SIGNING_KEY']);
  const flaw = flawOfSigningKey(key);
  if (flaw !== undefined) throw new UsageError(`AUDITKEEP_SIGNING_KEY ${flaw}`);
  return [Buffer.from(key, 'base64')];
}
