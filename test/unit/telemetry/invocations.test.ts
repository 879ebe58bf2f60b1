import { AsyncLocalStorage } from 'node:async_hooks';
import { HttpRequest, InvocationContext, PreInvocationContext, type FunctionHandler } from '@azure/functions';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { observeInvocations } from '../../../functions/invocations.ts';
import { createMonitor } from '../../../shared/adapters/monitor/monitor.ts';
import type { Invocation } from '../../../shared/telemetry/invocation-scope.ts';
import { createRecordingMeter } from '../../support/fakes/meter.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

interface Call {
  readonly name?: string;
  readonly trigger?: string;
  readonly input?: unknown;
  readonly triggerMetadata?: Readonly<Record<string, unknown>>;
  readonly hostTrace?: string;
  readonly handler?: FunctionHandler;
}

function createWorld() {
  const scope = new AsyncLocalStorage<Invocation>();
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const monitor = createMonitor({
    ...{ scope, write, now: () => new Date() },
    ...{ connectionString: undefined, credential: undefined },
  });
  const meter = createRecordingMeter();
  const observe = observeInvocations({ scope, telemetry: monitor.telemetry, meter: meter.meter });
  let calls = 0;
  const invoke = async (call: Call): Promise<unknown> => {
    const { name = 'index-raw-blob', trigger = 'queueTrigger', input = {}, handler } = call;
    const context = new InvocationContext({
      ...{ functionName: name, invocationId: `invocation-${++calls}`, logHandler: () => undefined },
      options: { trigger: { type: trigger, name: 'input' } },
      triggerMetadata: { ...call.triggerMetadata },
      ...(call.hostTrace === undefined ? {} : { traceContext: { traceParent: call.hostTrace } }),
    });
    const functionCallback = handler ?? (() => undefined);
    const hook = new PreInvocationContext({ inputs: [input], invocationContext: context, functionCallback });
    observe(hook);
    return await hook.functionHandler(input, context);
  };
  return {
    scope,
    lines,
    meter,
    invoke,
    monitor,
    events: (event: string) => lines.filter((line) => line['event'] === event),
  };
}

describe('an invocation', () => {
  it('begins and ends with one event each, and keeps its events separate', async () => {
    const { invoke, lines, monitor } = createWorld();
    const handler = () => {
      monitor.telemetry('landing.poll.skipped', { tenantId: 'a' });
      return 'done';
    };
    expect(await invoke({ handler, triggerMetadata: { dequeueCount: '2' } })).toBe('done');
    const own = { invocationId: 'invocation-1', function: 'index-raw-blob' };
    expect(lines).toMatchObject([
      { event: 'functions.invocation.started', trigger: 'queue', dequeueCount: 2, ...own },
      { event: 'landing.poll.skipped', tenantId: 'a', ...own },
      { event: 'functions.invocation.finished', trigger: 'queue', outcome: 'succeeded', ...own },
    ]);
    expect(new Set(lines.map((line) => line['traceId'])).size).toBe(1);
  });

  it.each([{ dequeueCount: 'often' }, { dequeueCount: {} }])(
    'of a host that counts oddly (%j) is taken all the same',
    async (triggerMetadata) => {
      const { invoke, events } = createWorld();
      expect(await invoke({ handler: () => 'done', triggerMetadata })).toBe('done');
      expect(events('functions.invocation.started')[0]).not.toHaveProperty('dequeueCount');
    },
  );

  it.each([
    [
      'the code of an error that has one',
      Object.assign(new Error('no'), { code: 'QueueNotFound' }),
      'QueueNotFound',
    ],
    ['the name of an error that has none', new TypeError('no'), 'TypeError'],
    ['nothing of a thrown text', 'a text', 'unknown'],
  ])('that fails also ends with one event, with %s, and fails', async (_what, error, errorCode) => {
    const { invoke, events, meter } = createWorld();
    await expect(invoke({ handler: () => Promise.reject(error as Error) })).rejects.toBe(error);
    expect(events('functions.invocation.started')).toHaveLength(1);
    expect(events('functions.invocation.finished')).toMatchObject([{ outcome: 'failed', errorCode }]);
    expect(meter.of('auditkeep.dollars')).toHaveLength(1);
  });

  it('of an HTTP function reports the status, and an answer of 500 as a failure', async () => {
    const { invoke, events } = createWorld();
    const answers = [
      { status: 404, headers: { 'x-ms-request-id': 'r-1', 'x-ms-error-code': 'RecordNotFound' } },
      { status: 500, headers: { 'x-ms-request-id': 'r-2', 'x-ms-error-code': 'InternalError' } },
      { headers: { 'x-ms-request-id': 'r-3' } },
    ];
    for (const answer of answers) await invoke({ trigger: 'httpTrigger', handler: () => answer });
    expect(events('functions.invocation.finished')).toMatchObject([
      { outcome: 'succeeded', status: 404, requestId: 'r-1', errorCode: 'RecordNotFound' },
      { outcome: 'failed', status: 500, requestId: 'r-2', errorCode: 'InternalError' },
      { outcome: 'succeeded', status: 200, requestId: 'r-3' },
    ]);
  });

  it('next to others keeps its own trace and counts', async () => {
    const { invoke, lines, monitor } = createWorld();
    const handlerOf = (tenantId: string, ms: number) => async () => {
      await delay(ms);
      monitor.telemetry('landing.poll.skipped', { tenantId });
    };
    const names = ['run-export', 'run-removal', 'run-poll-request'];
    await Promise.all(names.map((name, at) => invoke({ name, handler: handlerOf(name, 9 - at * 4) })));
    for (const name of names) {
      const own = lines.filter((line) => line['function'] === name);
      expect(own.map((line) => line['tenantId'] ?? line['event'])).toEqual([
        'functions.invocation.started',
        name,
        'functions.invocation.finished',
      ]);
      expect(
        new Set(own.map((line) => `${String(line['invocationId'])} ${String(line['traceId'])}`)).size,
      ).toBe(1);
    }
  });

  it('does not affect others after its end', async () => {
    const { invoke, scope } = createWorld();
    await invoke({});
    expect(scope.getStore()).toBeUndefined();
  });
});

describe('the trace of an invocation', () => {
  const request = (headers: Record<string, string>) =>
    new HttpRequest({ method: 'GET', url: 'https://audit.example/api/health', headers });
  const hostTrace = `00-${'a'.repeat(32)}-00f067aa0ba902b7-00`;

  it.each([
    ['the request', { trigger: 'httpTrigger', input: request({ traceparent }), hostTrace }, traceId],
    ['the message', { input: { version: 1, traceparent }, hostTrace }, traceId],
    [
      'the host where the request has none',
      { trigger: 'httpTrigger', input: request({}), hostTrace },
      'a'.repeat(32),
    ],
    ['the host where the message has none', { input: { version: 1 }, hostTrace }, 'a'.repeat(32)],
    ['the host where the message is a text', { input: 'text', hostTrace }, 'a'.repeat(32)],
    ['the host for a timer', { trigger: 'timerTrigger', input: { traceparent }, hostTrace }, 'a'.repeat(32)],
  ])('is that of %s', async (_whose, call, expected) => {
    const { invoke, lines } = createWorld();
    await invoke(call);
    expect(lines.map((line) => line['traceId'])).toEqual([expected, expected]);
  });

  it('begins with it if there is none, or an invalid one', async () => {
    const { invoke, lines } = createWorld();
    for (const wrong of [
      undefined,
      'x',
      `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
      `ff-${traceId}-00f067aa0ba902b7-01`,
    ])
      await invoke({ input: { traceparent: wrong } });
    const ids = lines.map((line) => line['traceId']);
    for (const id of ids) expect(id).toMatch(/^(?!4bf9|0{32})[0-9a-f]{32}$/);
    expect(new Set(ids).size).toBe(4);
  });
});

describe('the estimate of what an invocation cost', () => {
  it('is at least a second of half a gigabyte, an execution, and its storage operations', async () => {
    const { invoke, meter, scope } = createWorld();
    await invoke({});
    await invoke({ handler: () => void scope.getStore()?.operations.set('blobWrites', 10_000) });
    const [bare, writing] = meter.of('auditkeep.dollars');
    expect(bare?.dimensions).toEqual({ function: 'index-raw-blob' });
    expect(bare?.value).toBeCloseTo(0.000013 + 0.0000004, 10);
    expect(writing?.value).toBeCloseTo(0.055 + 0.0000134, 7);
  });
});
