/** Queries of one caller that run at once: a few, whatever the caller sends. */
import { HttpRequest, InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createAccess } from '../../../shared/access/access.ts';
import { newApiKey } from '../../../shared/access/api-keys.ts';
import { createRunningLimit } from '../../../shared/access/running-limit.ts';
import { allOperations } from '../../../shared/api/all.ts';
import { json } from '../../../shared/api/answers.ts';
import { operation } from '../../../shared/api/operation.ts';
import { handler } from '../../../shared/http/handler.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { createClock } from '../../support/clock.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { served } from '../../support/served.ts';

const query = operation('DoQuery', ['GET', 'query'], {
  area: 'Records',
  audience: { scope: 'records.read' },
  summary: 'Query',
  description: 'Queries.',
  isQuery: true,
  answers: { 200: json('Nothing.', z.strictObject({})) },
});

const answerSchema = z.object({ status: z.number(), headers: z.record(z.string(), z.string()) });

function createWorld(queriesPerCaller: number) {
  const [clock, keys, tenants] = [createClock(), createFakeApiKeyStore(), createFakeTenantStore([])];
  const base = { telemetry: () => undefined, now: clock.now };
  const limits = { ...plainAccess.limits, queriesPerCaller };
  const access = createAccess({ ...plainAccess, ...base, keys, tenants, limits });
  const [running, ended]: [(() => void)[], number[]] = [[], []];
  const route = served(
    { ...createFakeHttpDeps(clock.now), ...base, access },
    handler(query, async (_deps, { reply }) => {
      await new Promise<void>((resolve) => running.push(resolve));
      return reply(200, {});
    }),
  );
  const callerNamed = async (name: string) => {
    const { key, text } = newApiKey({ name, tenants: '*', scopes: ['records.read'] }, clock.now());
    await keys.create(key);
    return text;
  };
  const send = async (key: string) => {
    const request = new HttpRequest({
      method: 'GET',
      url: 'https://auditkeep.example/api/query',
      headers: { 'x-api-key': key },
    });
    const context = new InvocationContext({ functionName: 'do-query', logHandler: () => undefined });
    const { status, headers } = answerSchema.parse(await route.handler(request, context));
    ended.push(status);
    return { status, headers };
  };
  return { send, callerNamed, running, ended };
}

/** Lets everything that is ready run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a caller who sends many queries at once', () => {
  it('has some of them run and some wait; the rest is refused with Retry-After', async () => {
    const { send, callerNamed, running, ended } = createWorld(2);
    const caller = await callerNamed('greedy');
    const calls = Array.from({ length: 9 }, () => send(caller));
    await settle();
    expect(running).toHaveLength(2);
    expect(ended).toEqual([429, 429, 429]);
    for (let at = 0; at < 6; at++) {
      running[at]?.();
      await settle();
    }
    const answers = await Promise.all(calls);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(6);
    expect(answers.find(({ status }) => status === 429)?.headers['retry-after']).toBe('5');
  });

  it('does not keep others from theirs', async () => {
    const { send, callerNamed, running } = createWorld(1);
    const [greedy, small] = [await callerNamed('greedy'), await callerNamed('small')];
    const calls = [send(greedy), send(greedy), send(small)];
    await settle();
    expect(running).toHaveLength(2);
    running[1]?.();
    expect((await calls[2])?.status).toBe(200);
    running[0]?.();
    await settle();
    running[2]?.();
    await Promise.all(calls);
  });
});

describe('an operation that evaluates filters over records', () => {
  it('is declared as a query', () => {
    const filters = (one: (typeof operations)[number]) => Object.keys(one.query?.shape ?? {});
    const operations = allOperations();
    const reading = operations.filter(
      (one) =>
        filters(one).some((name) => name === 'filter' || name === 'triggerState') ||
        one.route.endsWith('/records') ||
        // Tries rules on the records of weeks.
        one.route === 'dryRuns',
    );
    expect(reading.map(({ id }) => id).sort()).toEqual(
      operations
        .filter(({ isQuery }) => isQuery === true)
        .map(({ id }) => id)
        .sort(),
    );
    expect(reading.length).toBeGreaterThan(4);
  });
});

describe('a limit of running work', () => {
  it('lets the parts of an answer that has begun wait instead of refusing them', async () => {
    const limit = createRunningLimit({ running: 1, waiting: 0 });
    const order: string[] = [];
    const work = (name: string) => async () => {
      await settle();
      order.push(name);
    };
    await Promise.all(['a', 'b', 'c'].map((name) => limit.run('key', work(name))));
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('forgets work that failed', async () => {
    const limit = createRunningLimit({ running: 1, waiting: 0 });
    const refuse = () => {
      throw new Error('refused');
    };
    for (let at = 0; at < 3; at++) {
      await expect(limit.run('key', () => Promise.reject(new Error('broken')), refuse)).rejects.toThrow(
        'broken',
      );
    }
    expect(await limit.run('key', () => Promise.resolve(1), refuse)).toBe(1);
  });
});
