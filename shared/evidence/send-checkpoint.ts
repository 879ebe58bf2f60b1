/** Sends a checkpoint to a receiver outside, signed as all webhooks are. It names no tenant. */
import type { SigningKeys } from '../access/signing-keys.ts';
import type { Telemetry } from '../telemetry.ts';
import { exactResultOf, isDelivered } from '../webhooks/send-webhook.ts';
import type { WebhookSender } from '../webhooks/webhook-sender.ts';
import { subscriptionSecret, webhookHeaders } from '../webhooks/webhook-secrets.ts';
import { chainsSaid, type CheckpointStore, type EvidenceCheckpoint } from './checkpoint.ts';

export interface SendCheckpointDeps {
  readonly checkpoints: Pick<CheckpointStore, 'markDelivered'>;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  readonly webhookSender: Pick<WebhookSender, 'send'>;
  readonly signingKeys: SigningKeys;
  readonly url: string;
}

/** No tenant and no subscription has these IDs, so no other webhook is signed with its secret. */
const signing = { owner: '*', subscriptionId: 'checkpoints', generation: 1 };

/** The secret that signs checkpoints, as the receiver needs it: `whsec_…`. */
export function checkpointSecret(signingKeys: SigningKeys): string {
  return subscriptionSecret(signingKeys, signing);
}

/** One attempt. False when it failed: the next run repeats it. @throws when storage fails */
export async function sendCheckpoint(
  { checkpoints, telemetry, now, webhookSender, signingKeys, url }: SendCheckpointDeps,
  checkpoint: EvidenceCheckpoint,
): Promise<boolean> {
  const { date } = checkpoint;
  const body = bodyOf(checkpoint);
  const message = { id: `msg_${checkpoint.hash.slice(0, 32)}`, body };
  const headers = webhookHeaders(signingKeys, signing, message, now());
  const outcome = await webhookSender.send({ url, headers, body });
  const isSent = isDelivered(outcome);
  // A crash in between sends it twice, with the same ID.
  if (isSent) await checkpoints.markDelivered(date);
  telemetry(isSent ? 'evidence.delivery.succeeded' : 'evidence.delivery.failed', {
    date,
    result: exactResultOf(outcome),
  });
  return isSent;
}

/** What its hash covers, and the hash. */
function bodyOf(checkpoint: EvidenceCheckpoint): string {
  const { format, date, takenDateTime, root, previous, missedDays, hash } = checkpoint;
  const chains = chainsSaid(checkpoint);
  const data = { format, date, takenDateTime, chains, root, previous, missedDays, hash };
  return JSON.stringify({ type: 'evidence.checkpoint', timestamp: takenDateTime, data });
}
