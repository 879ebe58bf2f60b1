/** The local Functions host, in its own process: `main.ts [--project DIR] [--port N]`. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createAdmin } from './admin.ts';
import { type FunctionApp, loadFunctionApp } from './function-app.ts';
import { closeServer, createHttpServer, listen } from './http-server.ts';
import { createInvocations, type Invocations } from './invocations.ts';
import { createLog, type Log } from './log.ts';
import { createQueueListener } from './queues.ts';
import { type QueueSettings, readLocalSettings, readProject } from './settings.ts';
import { createTimer } from './timers.ts';

/** The real host ends within ten seconds of SIGTERM, whatever is still running. */
const RUNNING_LIMIT_MS = 8_000;
const TERMINATE_LIMIT_MS = 1_500;

/** Timers and queues, which run without HTTP requests. */
interface Listeners {
  readonly start: () => void;
  /** Starts one of them by name and returns immediately; false if it does not exist. */
  readonly runNow: (name: string, input: string) => boolean;
  readonly stop: () => Promise<void>;
}

async function main(): Promise<void> {
  const { project, port } = parseOptions();
  // A parent passes the settings; otherwise the host reads them from the same file as Core Tools.
  if (process.send === undefined)
    Object.assign(process.env, { ...readLocalSettings(project), ...process.env });
  const log = createLog(process.env['LOCAL_HOST_LOG_LEVEL']);
  const { mainFile, routePrefix, httpLimits: limits, queues } = readProject(project);
  const app = await loadFunctionApp(mainFile, log);
  const invocations = createInvocations(app, log);
  const listeners = createListeners({ app, invocations, queues, log });
  const admin = createAdmin({ app, invocations, start: listeners.runNow });
  const server = createHttpServer({ app, invocations, routePrefix, limits, log, admin });
  const baseUrl = await listen(server, port);
  listeners.start();
  const stop = createStop(async () => {
    const ended = Promise.all([closeServer(server), listeners.stop(), invocations.settled()]);
    await Promise.race([ended, delay(RUNNING_LIMIT_MS)]);
    await Promise.race([app.runHooks('appTerminate', {}), delay(TERMINATE_LIMIT_MS)]);
  });
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, stop);
  process.stdout.write(`${JSON.stringify({ baseUrl, functions: app.functions.map(({ name }) => name) })}\n`);
}

function parseOptions(): { readonly project: string; readonly port: number } {
  const { values } = parseArgs({
    options: {
      project: { type: 'string', default: process.cwd() },
      port: { type: 'string', default: '7071' },
    },
  });
  return { project: values.project, port: Number(values.port) };
}

interface ListenerOptions {
  readonly app: FunctionApp;
  readonly invocations: Invocations;
  readonly queues: QueueSettings;
  readonly log: Log;
}

function createListeners({ app, invocations, queues, log }: ListenerOptions): Listeners {
  const all = [
    ...app.timerFunctions.map((target) => createTimer(target, invocations)),
    ...app.queueFunctions.map((target) =>
      createQueueListener({ target, settings: queues, invocations, log }),
    ),
  ];
  return {
    start: () => {
      for (const each of all) each.start();
    },
    runNow: (name, input) => {
      const listener = all.find((each) => each.name === name);
      listener?.runNow(input);
      return listener !== undefined;
    },
    stop: async () => {
      await Promise.all(all.map((each) => each.stop()));
    },
  };
}

/** Ends the process once, no matter how often and how it is requested. */
function createStop(finish: () => Promise<void>): () => void {
  let isStopping = false;
  return () => {
    if (isStopping) return;
    isStopping = true;
    finish().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message}\n`, () => process.exit(1));
});
