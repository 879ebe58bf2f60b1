/** Sends dead letters again, one by one: after the cause was fixed, they are accepted. */
import { contains } from '../access/tenant-set.ts';
import { findManagedTenant } from '../tenants/managed.ts';
import { isBefore } from '../feed/landing-sequence.ts';
import { readFeed } from '../feed/read-feed.ts';
import { misconfiguredWaitMs, mustWait, type Failure } from './circuit.ts';
import type { DeadLetter, LetterPlace } from './dead-letter.ts';
import type { StoredDestination } from './destination.ts';
import type { ConfiguredKind, DestinationSender } from './kind.ts';
import type { DestinationMessage } from './messages.ts';
import type { OutgoingRecord } from './outgoing.ts';
import type { SendRecordsDeps } from './send-records.ts';
import { usableOf } from './usable.ts';

/** In one turn; another message does the rest. */
const lettersAtOnce = 500;
/** After an attempt that may succeed later. */
const retryWaitMs = 60_000;

/**
 * Continues when the destination works again, if it does not now. Those that are refused again stay, and so do those that
 * cannot be read, and those of tenants that are not in the set of the destination.
 * @throws when storage fails: the message must be redelivered
 */
export async function replayDeadLetters(
  deps: SendRecordsDeps,
  message: DestinationMessage,
  budget: AbortSignal,
): Promise<void> {
  const { destinationId } = message;
  const destination = await deps.destinations.get(destinationId);
  if (destination === undefined || destination.paused) return;
  const usable = await usableOf(deps, destination);
  if ('outcome' in usable) return;
  if (await mustWait(deps, { destination, message: { ...message, failures: destination.circuit?.failures } }))
    return;
  const letters = await deps.deadLetters.list(destinationId, lettersAtOnce, message.after);
  const turn = await replayLetters(deps, { destination, kind: usable.kind }, { letters, budget });
  if (turn.isDone && letters.length < lettersAtOnce) return;
  const after = turn.last === undefined ? message.after : placeOf(turn.last);
  await deps.queues.requestSending({ ...message, after }, waitOf(turn.failure));
}

interface Turn {
  /** All of them were tried. */
  readonly isDone: boolean;
  /** Of those that were tried. */
  readonly last: DeadLetter | undefined;
  /** Why nothing more should be sent now. */
  readonly failure: Failure | undefined;
}

async function replayLetters(
  deps: SendRecordsDeps,
  { destination, kind }: Omit<Opened, 'sender'>,
  { letters, budget }: { readonly letters: readonly DeadLetter[]; readonly budget: AbortSignal },
): Promise<Turn> {
  const sender = kind.open(deps.senderContext);
  let last: DeadLetter | undefined;
  try {
    for (const letter of letters) {
      if (budget.aborted) return { isDone: false, last, failure: undefined };
      const failure = await replayOne(deps, { destination, kind, sender }, letter);
      if (failure !== undefined) return { isDone: false, last, failure };
      last = letter;
    }
  } finally {
    await sender.close();
  }
  return { isDone: true, last, failure: undefined };
}

function placeOf({ tenantId, sequence, line }: DeadLetter): LetterPlace {
  return { tenantId, sequence, line };
}

function waitOf(failure: Failure | undefined): number {
  if (failure === undefined) return 0;
  return failure.outcome === 'misconfigured'
    ? misconfiguredWaitMs
    : Math.max(retryWaitMs, failure.afterMs ?? 0);
}

interface Opened {
  readonly destination: StoredDestination;
  readonly kind: ConfiguredKind;
  readonly sender: DestinationSender;
}

/** Why nothing more should be sent now. */
async function replayOne(
  deps: SendRecordsDeps,
  { destination, kind, sender }: Opened,
  letter: DeadLetter,
): Promise<Failure | undefined> {
  const tenant = await findManagedTenant(deps.tenants, letter.tenantId);
  if (tenant === undefined || !contains(destination.tenants, tenant)) return undefined;
  // A damaged raw blob must not keep the letters of others from being sent.
  const record = await recordOf(deps, letter, tenant.displayName).catch(() => 'unreadable' as const);
  if (record === 'unreadable') return undefined;
  if (record === undefined) {
    await deps.deadLetters.remove([letter]);
    return undefined;
  }
  const { destinationId, sequence, line } = letter;
  const batch = { id: `${destinationId}-${sequence}-${line}`, records: [kind.encode(record)] };
  const result = await sender.send(batch, AbortSignal.timeout(60_000));
  if (result.outcome === 'accepted' && result.rejects === undefined) await deps.deadLetters.remove([letter]);
  return result.outcome === 'retry' || result.outcome === 'misconfigured' ? result : undefined;
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
