/** A flow that knows nothing but the contracts of connectors: where to go on, when to wait, when to try again. */
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { expectDescribed } from '../../support/described.ts';

const page = z.object({ value: z.array(z.looseObject({ id: z.string() })) });

export interface SimulatedFlow {
  /** Ids in the order in which the flow was triggered by them. */
  readonly seen: readonly string[];
  /** Retries because of 408, 429, 5xx, or nobody being there. */
  readonly retries: () => number;
  readonly stop: () => Promise<void>;
}

/** Flows wait longer; nothing here depends on how long. */
const longestWaitMs = 100;

/** @param headers of the connection, sent with every request; none: Location is all that the flow has */
export async function startPollingFlow(
  address: string,
  connection: Readonly<Record<string, string>>,
  options: { readonly keepsKey: boolean },
): Promise<SimulatedFlow> {
  const seen: string[] = [];
  let [isOver, retried] = [false, 0];
  const ask = async (url: string, headers: Readonly<Record<string, string>>): Promise<Response> => {
    for (;;) {
      const response = await fetch(url, { headers }).catch(() => undefined);
      const mayTryAgain =
        response === undefined || [408, 429].includes(response.status) || response.status >= 500;
      if (!mayTryAgain) return response;
      if (isOver) throw new Error('The flow was stopped while it was trying again.');
      retried += 1;
      await delay(longestWaitMs);
    }
  };
  /** Its state is kept only when the answer has arrived as a whole. */
  const poll = async (url: string, headers: Readonly<Record<string, string>>): Promise<string> => {
    const response = await ask(url, headers);
    if (response.status !== 200 && response.status !== 202)
      throw new Error(`The poll got ${response.status}.`);
    const text = await response.text().catch(() => undefined);
    if (text === undefined) return url;
    const headersSeen = Object.fromEntries(response.headers);
    expectDescribed({ method: 'GET', url, status: response.status, headers: headersSeen, body: text });
    if (response.status === 200) seen.push(...page.parse(JSON.parse(text)).value.map(({ id }) => id));
    const waitMs = Number(response.headers.get('retry-after')) * 1000;
    await delay(Math.min(waitMs, longestWaitMs));
    return response.headers.get('location') ?? url;
  };
  let next = await poll(address, connection);
  const run = async () => {
    while (!isOver) next = await poll(next, options.keepsKey ? connection : {});
  };
  const running = run();
  running.catch(() => undefined);
  return {
    ...{ seen, retries: () => retried },
    stop: async () => {
      isOver = true;
      await running;
    },
  };
}
