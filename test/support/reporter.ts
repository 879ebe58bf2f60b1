/** A separate process that reports with the real exporter: Node reads NODE_EXTRA_CA_CERTS only when it starts. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout } from 'node:timers/promises';
import type { TokenCredential } from '@azure/identity';
import { createMonitor, type Monitor } from '../../shared/adapters/monitor/monitor.ts';
import type { Invocation } from '../../shared/telemetry/invocation-scope.ts';
import { continueTrace } from '../../shared/telemetry/trace-context.ts';
import { hourMs } from './clock.ts';
import { jobSchema, type ReportAnswer, type ReportJob, type Step } from './reporter-messages.ts';

const scope = new AsyncLocalStorage<Invocation>();
const lines: string[] = [];
const monitors = new Map<string, Monitor>();

function monitorOf({ connectionString, token }: ReportJob): Monitor {
  const monitor =
    monitors.get(connectionString) ??
    createMonitor({
      ...{ connectionString, scope, now: () => new Date('2026-03-10T11:00:00Z') },
      credential: token === undefined ? undefined : credentialOf(token),
      write: (line) => void lines.push(line),
    });
  monitors.set(connectionString, monitor);
  return monitor;
}

function credentialOf(token: string): TokenCredential {
  return { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + hourMs }) };
}

type EventStep = Extract<Step, { report: 'event' }>;

function reportEvent({ telemetry }: Monitor, { event, fields, times, within }: EventStep): void {
  const report = () => {
    for (let time = 0; time < times; time++) telemetry(event, fields);
  };
  if (within === undefined) {
    report();
    return;
  }
  const trace = continueTrace(within.traceparent);
  const invocation = { invocationId: 'one', function: within.function, trigger: 'queue' as const, trace };
  scope.run({ ...invocation, operations: new Map() }, report);
}

async function take(monitor: Monitor, step: Step): Promise<void> {
  const { meter, flush } = monitor;
  switch (step.report) {
    case 'event':
      reportEvent(monitor, step);
      return;
    case 'records':
      meter('auditkeep.records', step.value, { tenantId: step.tenantId });
      return;
    case 'poison':
      meter('auditkeep.poison', step.value, { queue: step.queue });
      return;
    case 'gaps':
      for (let at = 0; at < step.ofTenants; at++) meter('auditkeep.gaps', 0, { tenantId: `tenant-${at}` });
      return;
    case 'flush':
      await inTime(flush());
  }
}

/**
 * By a timer of this process: a loaded machine delays it with those of the flush.
 * @throws Error when it takes longer than the five seconds that it may
 */
async function inTime(flushed: Promise<void>): Promise<void> {
  const late = setTimeout(5_500, 'late', { ref: false });
  if ((await Promise.race([flushed, late])) === 'late') throw new Error('A flush took more than 5.5 s.');
}

async function answer(job: ReportJob): Promise<ReportAnswer> {
  const monitor = monitorOf(job);
  for (const step of job.steps) await take(monitor, step);
  return { id: job.id, lines: lines.splice(0) };
}

process.on('message', (message) => {
  void answer(jobSchema.parse(message)).then((result) => process.send?.(result));
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
