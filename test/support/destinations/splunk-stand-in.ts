/** Stands in for Splunk's HTTP Event Collector: its codes, what it takes of a request that it refuses, its acknowledgments. */
import * as z from 'zod';
import type { Behavior } from '../../contract/destinations/senders.ts';
import { anySecret } from './sender-context.ts';
import {
  startHttpsStandIn,
  type HttpsStandIn,
  type StandInAnswer,
  type StandInRequest,
} from './https-stand-in.ts';

const eventSchema = z.strictObject({
  time: z.number().optional(),
  host: z.string().optional(),
  source: z.string(),
  sourcetype: z.string(),
  index: z.string().optional(),
  event: z.unknown(),
  fields: z.record(z.string(), z.unknown()).optional(),
});
export type SplunkEvent = z.output<typeof eventSchema>;

export interface SplunkOptions {
  /** Whether the token has indexer acknowledgment. */
  readonly acknowledges?: boolean;
  readonly indexes?: readonly string[];
}

export interface SplunkStandIn extends Omit<HttpsStandIn, 'respond'> {
  /** In the order of arrival. */
  readonly events: readonly SplunkEvent[];
  /** The code for an event, of which the ones before it are taken; undefined for one that is taken. */
  refuse(code: ((event: SplunkEvent) => number | undefined) | undefined): void;
  /** How many questions come too early for an acknowledgment; `Infinity` for all. */
  delayAcknowledgments(times: number): void;
  /** Answers every request so. */
  answer(answer: StandInAnswer | undefined): void;
}

const texts: Readonly<Record<number, readonly [status: number, text: string]>> = {
  0: [200, 'Success'],
  1: [403, 'Token disabled'],
  2: [401, 'Token is required'],
  4: [403, 'Invalid token'],
  5: [400, 'No data'],
  6: [400, 'Invalid data format'],
  7: [400, 'Incorrect index'],
  8: [500, 'Internal server error'],
  9: [503, 'Server is busy'],
  10: [400, 'Data channel is missing'],
  12: [400, 'Event field is required'],
  13: [400, 'Event field cannot be blank'],
  14: [400, 'ACK is disabled'],
  15: [400, 'Error in handling indexed fields'],
};

export function answerOf(code: number, more: object = {}): StandInAnswer {
  const [status, text] = texts[code] ?? [400, 'Unknown'];
  return { status, body: JSON.stringify({ text, code, ...more }) };
}

const behaviorCodes: Partial<Record<Behavior, number>> = {
  busy: 9,
  unavailable: 8,
  wrongSecret: 4,
  forbidden: 1,
};
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** One object after the other, each on its line. */
function valuesIn({ content }: StandInRequest): readonly unknown[] {
  const lines = content
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line): unknown => JSON.parse(line));
}

export async function startSplunk({
  acknowledges = false,
  indexes = ['main'],
}: SplunkOptions = {}): Promise<SplunkStandIn> {
  const events: SplunkEvent[] = [];
  const pending = new Map<string, number>();
  let nextAckId = 0;
  let delay = 0;
  let forced: StandInAnswer | undefined;
  let behaved: number | undefined;
  let refuse: (event: SplunkEvent) => number | undefined = () => undefined;

  const codeOf = (value: unknown): number => {
    const event = eventSchema.safeParse(value).data;
    if (event === undefined) return 6;
    if (event.event === undefined || event.event === null) return 12;
    if (event.event === '') return 13;
    if (Object.values(event.fields ?? {}).some((field) => typeof field !== 'string')) return 15;
    if (event.index !== undefined && !indexes.includes(event.index)) return 7;
    return refuse(event) ?? 0;
  };
  const take = (values: readonly unknown[], channel: string): StandInAnswer => {
    for (const [at, value] of values.entries()) {
      const code = codeOf(value);
      if (code !== 0) return answerOf(code, { 'invalid-event-number': at });
      events.push(eventSchema.parse(value));
    }
    if (values.length === 0) return answerOf(5);
    if (!acknowledges) return answerOf(0);
    const ackId = nextAckId++;
    pending.set(`${channel} ${ackId}`, delay);
    return answerOf(0, { ackId });
  };
  const tell = ({ content }: StandInRequest, channel: string): StandInAnswer => {
    if (!acknowledges) return answerOf(14);
    const { acks } = z.object({ acks: z.array(z.int()) }).parse(JSON.parse(content.toString('utf8')));
    return {
      status: 200,
      body: JSON.stringify({ acks: Object.fromEntries(acks.map((id) => [id, isThere(`${channel} ${id}`)])) }),
    };
  };
  /** Tells each once, and forgets it. */
  const isThere = (id: string): boolean => {
    const times = pending.get(id);
    if (times === undefined) return false;
    pending.set(id, times - 1);
    return times <= 0 && pending.delete(id);
  };
  const answered = (request: StandInRequest): StandInAnswer => {
    const { pathname, searchParams } = new URL(request.path ?? '/', 'https://splunk.example');
    if (forced !== undefined) return forced;
    if (behaved !== undefined) return answerOf(behaved);
    if (request.headers.authorization === undefined) return answerOf(2);
    if (request.headers.authorization !== `Splunk ${anySecret}`) return answerOf(4);
    const channel = String(request.headers['x-splunk-request-channel'] ?? searchParams.get('channel') ?? '');
    if (acknowledges && !guid.test(channel)) return answerOf(10);
    if (pathname === '/services/collector/ack') return tell(request, channel);
    return pathname === '/services/collector/event' ? take(valuesIn(request), channel) : { status: 404 };
  };

  const standIn = await startHttpsStandIn({
    count: (request) => (request.path === '/services/collector/event' ? valuesIn(request).length : 0),
    check: answered,
    take: () => undefined,
  });
  return {
    ...standIn,
    events,
    behave: (behavior) => {
      behaved = behavior === undefined ? undefined : behaviorCodes[behavior];
      standIn.behave(behaved === undefined ? behavior : undefined);
    },
    refuse: (code) => {
      refuse = code ?? (() => undefined);
    },
    delayAcknowledgments: (times) => {
      delay = times;
    },
    answer: (answer) => {
      forced = answer;
    },
  };
}
