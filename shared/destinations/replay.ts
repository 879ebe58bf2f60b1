/** Sends dead letters again, one by one: after the cause was fixed, they are accepted. */
import { findManagedTenant } from '../tenants/managed.ts';
import { isBefore } from '../feed/landing-sequence.ts';
import { readFeed } from '../feed/read-feed.ts';
import type { DeadLetter } from './dead-letter.ts';
import type { ConfiguredKind, DestinationSender } from './kind.ts';
import type { DestinationMessage } from './messages.ts';
import type { OutgoingRecord } from './outgoing.ts';
import { usableOf, type SendRecordsDeps } from './send-records.ts';

/** In one turn; another message does the rest. */
const lettersAtOnce = 500;

/** Those that are refused again stay. @throws when storage fails: the message must be redelivered */
export async function replayDeadLetters(
  deps: SendRecordsDeps,
  { destinationId }: DestinationMessage,
  budget: AbortSignal,
): Promise<void> {
  const destination = await deps.destinations.get(destinationId);
  const usable = destination && usableOf(deps, destination);
  if (usable === undefined) return;
  const sender = usable.kind.open(deps.senderContext);
  try {
    for (const letter of await deps.deadLetters.list(destinationId, lettersAtOnce)) {
      if (budget.aborted || !(await replayOne(deps, { kind: usable.kind, sender }, letter))) return;
    }
  } finally {
    await sender.close();
  }
}

interface Opened {
  readonly kind: ConfiguredKind;
  readonly sender: DestinationSender;
}

/** False when nothing more should be sent now. */
async function replayOne(
  deps: SendRecordsDeps,
  { kind, sender }: Opened,
  letter: DeadLetter,
): Promise<boolean> {
  const tenant = await findManagedTenant(deps.tenants, letter.tenantId);
  if (tenant === undefined) return true;
  const record = await recordOf(deps, letter, tenant.displayName);
  if (record === undefined) {
    await deps.deadLetters.remove([letter]);
    return true;
  }
  const { destinationId, sequence, line } = letter;
  const batch = { id: `${destinationId}-${sequence}-${line}`, records: [kind.encode(record)] };
  const result = await sender.send(batch, AbortSignal.timeout(60_000));
  if (result.outcome === 'accepted' && result.rejects === undefined) await deps.deadLetters.remove([letter]);
  return result.outcome !== 'retry' && result.outcome !== 'misconfigured';
}

/** Undefined if it was deleted since. */
async function recordOf(
  deps: SendRecordsDeps,
  { tenantId, sequence, line }: DeadLetter,
  tenantName: string,
): Promise<OutgoingRecord | undefined> {
  const found: OutgoingRecord[] = [];
  const position = { sequence, line };
  await readFeed(deps, {
    tenantId,
    filters: {},
    position,
    until: { sequence, line: line + 1 },
    limit: 1,
    onFound: (record, { record: { bytes: text, truncated } }, place) => {
      found.push({ ...record, tenantId, tenantName, place, text, truncated });
    },
  });
  return found.find(({ place }) => !isBefore(place, position) && !isBefore(position, place));
}
