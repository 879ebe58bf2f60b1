/** A Function App just large enough to exercise every part of the local host. */
import { app } from '@azure/functions';

const attempts = new Map<string, number>();
const timerRuns = { started: 0, running: 0, mostAtOnce: 0 };
const waiting: (() => void)[] = [];

/** Resolves when `release` is called, so that tests decide how long an invocation takes. */
function untilReleased(): Promise<void> {
  return new Promise((resolve) => waiting.push(resolve));
}

function releaseAll(): void {
  for (const resolve of waiting.splice(0)) resolve();
}

// Once the host is stopping, no request can release what it is waiting for.
process.once('SIGTERM', () => setImmediate(releaseAll));

if (process.env['FIXTURE_STREAMS'] === 'true') app.setup({ enableHttpStream: true });

app.http('echo', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'echo/{id:guid}/{part?}',
  handler: async (request) => ({
    status: 201,
    headers: { 'x-echo': request.headers.get('x-echo') ?? '' },
    jsonBody: {
      params: request.params,
      query: request.query.getAll('each'),
      body: await request.text(),
    },
  }),
});

app.http('fail', {
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: () => {
    throw new Error('as asked');
  },
});

app.http('stream', {
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: () => ({
    headers: { 'content-type': 'text/plain' },
    body: new ReadableStream({
      start: async (controller) => {
        controller.enqueue(new TextEncoder().encode('first '));
        if (process.env['FIXTURE_STREAMS'] === 'true') await untilReleased();
        controller.enqueue(new TextEncoder().encode('last'));
        controller.close();
      },
    }),
  }),
});

app.http('wait', {
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async () => {
    await untilReleased();
    return { body: 'done' };
  },
});

app.http('file', {
  methods: ['GET', 'HEAD'],
  authLevel: 'anonymous',
  handler: ({ method }) => ({
    headers: { 'content-type': 'text/plain', 'content-length': '4' },
    ...(method === 'GET' ? { body: 'file' } : {}),
  }),
});

app.http('hang', {
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: () => new Promise(() => undefined),
});

app.http('release', {
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: () => {
    releaseAll();
    return { status: 200 };
  },
});

app.http('state', {
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: () => ({
    jsonBody: { attempts: Object.fromEntries(attempts), timerRuns, waiting: waiting.length },
  }),
});

app.http('rest-known', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'rest/known',
  handler: () => ({ body: 'known' }),
});

app.http('rest-unknown', {
  methods: ['GET', 'DELETE'],
  authLevel: 'anonymous',
  route: 'rest/{*path}',
  handler: () => ({ status: 404, body: 'unknown' }),
});

app.http('rest-z', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'rest/late',
  handler: () => ({ body: 'late' }),
});

app.storageQueue('work', {
  queueName: '%FIXTURE_QUEUE%',
  connection: 'AzureWebJobsStorage',
  handler: async (entry, context) => {
    const item = String(entry);
    attempts.set(item, (attempts.get(item) ?? 0) + 1);
    if (item.startsWith('wait')) await untilReleased();
    if (item === 'poison') throw new Error('as asked');
    if (item === 'second-time-lucky' && context.triggerMetadata?.['dequeueCount'] === 1) {
      throw new Error('as asked');
    }
  },
});

app.timer('tick', {
  schedule: '0 0 0 1 1 *',
  runOnStartup: process.env['FIXTURE_RUN_ON_STARTUP'] === 'true',
  handler: async () => {
    timerRuns.started += 1;
    timerRuns.running += 1;
    timerRuns.mostAtOnce = Math.max(timerRuns.mostAtOnce, timerRuns.running);
    await untilReleased();
    timerRuns.running -= 1;
  },
});
