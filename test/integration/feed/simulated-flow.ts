/** A flow that knows nothing but the contracts of connectors: where to continue, when to wait, when to retry. */
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { expectDescribed } from '../../support/described.ts';
import { gatewayHeader } from './faulty-gateway.ts';

const page = z.object({
  value: z.array(z.looseObject({ id: z.string() })),
  nextLink: z.url().optional(),
});

export interface SimulatedFlow {
  /** Ids in the order in which the flow was triggered by them. */
  readonly seen: readonly string[];
  /** How often there was nothing more for it to read. @throws what ended it */
  readonly rests: () => number;
  readonly stop: () => Promise<void>;
}

export interface FlowRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface FlowAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Flows wait longer; nothing here depends on how long. */
const longestWaitMs = 200;

function wait({ headers }: FlowAnswer): Promise<void> {
  return delay(Math.min(Number(headers.get('retry-after')) * 1000, longestWaitMs));
}

/** What a flow does with one request: retries on 408, 429, 5xx, and refused connections, including POST. */
export async function send(url: string, request: FlowRequest = {}): Promise<FlowAnswer> {
  for (;;) {
    const answer = await sendOnce(url, request).catch(() => undefined);
    if (answer !== undefined) checkAgainstDescription(url, request, answer);
    const mayTryAgain = answer === undefined || [408, 429].includes(answer.status) || answer.status >= 500;
    if (!mayTryAgain) return answer;
    await delay(longestWaitMs);
  }
}

async function sendOnce(
  url: string,
  { method = 'GET', headers = {}, body }: FlowRequest,
): Promise<FlowAnswer> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(url, {
    ...{ method, headers: { ...headers, ...json } },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function checkAgainstDescription(url: string, { method = 'GET' }: FlowRequest, answer: FlowAnswer): void {
  if (answer.headers.has(gatewayHeader)) return;
  if (answer.status === 500) throw new Error(`${url} failed: ${answer.text}`);
  const headers = Object.fromEntries(answer.headers);
  expectDescribed({ method, url, status: answer.status, headers, body: answer.text });
}

/** @param headers of the connection, sent with every request; not kept: Location is all that the flow has */
export async function startPollingFlow(
  address: string,
  headers: Readonly<Record<string, string>>,
  { keepsKey }: { readonly keepsKey: boolean },
): Promise<SimulatedFlow> {
  const seen: string[] = [];
  let rests = 0;
  const poll = async (url: string, request: FlowRequest): Promise<string> => {
    const answer = await send(url, request);
    if (answer.status !== 200 && answer.status !== 202) throw new Error(`The poll got ${answer.status}.`);
    if (answer.status === 200) seen.push(...page.parse(JSON.parse(answer.text)).value.map(({ id }) => id));
    if (answer.headers.get('retry-after') !== '1') rests++;
    await wait(answer);
    return answer.headers.get('location') ?? url;
  };
  let [next, isOver] = [await poll(address, { headers }), false];
  const run = async () => {
    while (!isOver) next = await poll(next, keepsKey ? { headers } : {});
  };
  const failures: unknown[] = [];
  const running = run();
  running.catch((error: unknown) => failures.push(error));
  return {
    seen,
    rests: () => {
      if (failures.length > 0) throw new Error('The flow has ended.', { cause: failures[0] });
      return rests;
    },
    stop: async () => {
      isOver = true;
      await running;
    },
  };
}

/** An action with pagination switched on: all pages, one after the other. */
export async function followPages(
  address: string,
  headers: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let url: string | undefined = address; url !== undefined;) {
    const answer: FlowAnswer = await send(url, { headers });
    const { value, nextLink }: z.infer<typeof page> = page.parse(JSON.parse(answer.text));
    ids.push(...value.map(({ id }) => id));
    url = nextLink;
  }
  return ids;
}

/** An asynchronous action: polls Location alone, without the key, until it answers something other than 202. */
export async function followOperation(address: string, request: FlowRequest): Promise<FlowAnswer> {
  let answer = await send(address, { ...request, method: 'POST' });
  for (let url = address; answer.status === 202; answer = await send(url)) {
    url = answer.headers.get('location') ?? url;
    await wait(answer);
  }
  return answer;
}
