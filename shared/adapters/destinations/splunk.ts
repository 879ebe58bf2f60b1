/** Sends events to Splunk, by its HTTP Event Collector. */
import type { SplunkSettings } from '../../destinations/kinds/splunk.ts';
import type { OpenSender, Reject, SendResult, TestStep } from '../../destinations/kind.ts';
import type { OutgoingBatch } from '../../destinations/outgoing.ts';
import { connected, unreachedStep } from './https-test.ts';
import {
  acknowledged,
  createPending,
  defaultWaits,
  type Pending,
  type Unacknowledged,
  type Waits,
} from './splunk/acknowledgements.ts';
import { openSplunkSession, type SplunkSession } from './splunk/session.ts';
import { notAcknowledging, verdictOf, type Failed, type Verdict } from './splunk/verdict.ts';

/**
 * Its senders remember in common what is not acknowledged yet.
 * @param waits for tests
 */
export function createSplunkOpener(waits: Waits = defaultWaits): OpenSender<SplunkSettings> {
  const pending = createPending(waits);
  return (settings, context) => {
    const session = openSplunkSession(settings, context);
    return {
      send: (batch, signal) =>
        settings.acknowledgements
          ? sendAcknowledged({ session, pending, waits }, batch, signal)
          : sendAll(session, batch, signal),
      test: (signal) => testSplunk(session, settings, signal),
      close: () => session.close(),
    };
  };
}

/** A batch with so many is sent in smaller ones: something else may be wrong than single records. */
const maxRejects = 50;

/** After a refused event, sends what comes after it: what came before it is there. */
async function sendAll(
  session: SplunkSession,
  { records }: OutgoingBatch,
  signal: AbortSignal,
): Promise<SendResult> {
  const rejects: Reject[] = [];
  for (let from = 0; from < records.length;) {
    const left = records.slice(from);
    const verdict = await post(session, left, signal);
    if (verdict.is === 'taken') break;
    if (verdict.is === 'failed')
      return partOf(verdict.result, rejects[0]?.index ?? Math.min(verdict.takenFirst, left.length));
    if (rejects.length >= maxRejects) return { outcome: 'refused', cause: verdict.cause };
    from += verdict.at + 1;
    rejects.push({ index: from - 1, cause: verdict.cause });
  }
  return acceptedWith(rejects);
}

/** A failure after some were taken: they are not sent again, and the next attempt says what is wrong with the others. */
function partOf(result: Failed, acceptedFirst: number): SendResult {
  if (acceptedFirst === 0) return result;
  if (result.outcome === 'retry') return { ...result, acceptedFirst };
  const cause = result.outcome === 'tooLarge' ? 'The rest of the batch is too large.' : result.cause;
  return { outcome: 'retry', cause, acceptedFirst };
}

function acceptedWith(rejects: readonly Reject[]): SendResult {
  return rejects.length === 0 ? { outcome: 'accepted' } : { outcome: 'accepted', rejects };
}

interface Acknowledging {
  readonly session: SplunkSession;
  readonly pending: Pending;
  readonly waits: Waits;
}

async function sendAcknowledged(
  { session, pending, waits }: Acknowledging,
  batch: OutgoingBatch,
  signal: AbortSignal,
): Promise<SendResult> {
  const waiting = pending.get(batch.id);
  const sent = waiting ?? (await sendForAcknowledgement(session, batch, signal));
  if ('outcome' in sent) return sent;
  // Only once: it is given up so long after it was sent, however many attempts there are.
  if (waiting === undefined) pending.set(batch.id, sent);
  const failure = await acknowledged(session.ask, sent, waits, signal);
  if (failure?.outcome === 'retry') return failure;
  pending.delete(batch.id);
  return failure ?? acceptedWith(sent.rejects);
}

/**
 * After a refused event, sends all others: those before it are there, but Splunk acknowledges nothing of a request that
 * it refused.
 */
async function sendForAcknowledgement(
  session: SplunkSession,
  { records }: OutgoingBatch,
  signal: AbortSignal,
): Promise<Unacknowledged | SendResult> {
  const rejects: Reject[] = [];
  let left = records.map((record, index) => ({ ...record, index }));
  while (left.length > 0) {
    const verdict = await post(session, left, signal);
    if (verdict.is === 'failed') return verdict.result;
    if (verdict.is === 'taken')
      return verdict.ackId === undefined
        ? notAcknowledging
        : { ackId: verdict.ackId, channel: session.channel, rejects };
    const { at, cause } = verdict;
    if (rejects.length >= maxRejects) return { outcome: 'refused', cause };
    rejects.push({ index: left[at]?.index ?? 0, cause });
    left = left.filter((_, place) => place !== at);
  }
  return acceptedWith(rejects);
}

/** An event that is not in the request is none that can be skipped. */
async function post(
  session: SplunkSession,
  records: OutgoingBatch['records'],
  signal: AbortSignal,
): Promise<Verdict> {
  const verdict = verdictOf(
    await session.post(
      records.map(({ body }) => body),
      signal,
    ),
  );
  if (verdict.is !== 'invalid' || verdict.at < records.length) return verdict;
  return { is: 'failed', result: { outcome: 'refused', cause: verdict.cause }, takenFirst: 0 };
}

/** Sends one event whose source type is not that of records. */
async function testSplunk(
  session: SplunkSession,
  settings: SplunkSettings,
  signal: AbortSignal,
): Promise<readonly TestStep[]> {
  const answer = await session.post([testEvent(settings)], signal);
  if (answer.status === undefined) return [unreachedStep(answer)];
  const failure = failureIn(verdictOf(answer), settings);
  if (failure === undefined)
    return [connected, { step: 'send', succeeded: true, detail: 'Splunk took an event.' }];
  const step = answer.status === 401 || answer.status === 403 ? 'authenticate' : 'send';
  const detail = failure.outcome === 'tooLarge' ? 'The destination answered 413.' : failure.cause;
  const nextStep = failure.outcome === 'misconfigured' ? failure.nextStep : testLater;
  return [connected, { step, succeeded: false, detail, nextStep }];
}

function failureIn(verdict: Verdict, { acknowledgements }: SplunkSettings): Failed | undefined {
  if (verdict.is === 'failed') return verdict.result;
  if (verdict.is === 'invalid') return { outcome: 'refused', cause: verdict.cause };
  return acknowledgements && verdict.ackId === undefined ? notAcknowledging : undefined;
}

const testLater = 'Test again later: Splunk takes no events now.';

function testEvent({ index, source }: SplunkSettings): Buffer {
  const event = { auditkeep: 'test', message: 'Test of a destination of Auditkeep; not an audit record.' };
  return Buffer.from(JSON.stringify({ source, index, sourcetype: 'auditkeep:test', event }));
}
