/** Operations that a later release started, after a rollback to this one. */
import { expect, it } from 'vitest';
import { monitorOperations } from '../../../shared/operations/monitor-operations.ts';
import { operationKinds } from '../../../shared/operations/operation.ts';
import type { DueOperation } from '../../../shared/operations/operation-store.ts';
import { createClock } from '../../support/clock.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeOperationQueue } from '../../support/operations.ts';
import { fabrikamId } from '../../support/tenants.ts';

const clock = createClock();
const dueOf = (kind: string, id: string): DueOperation => ({
  ...{ kind, tenantId: fabrikamId, id, checkDateTime: clock.now() },
});

/** Runs the monitor over these; a check of `fails` fails. */
async function monitored(entries: readonly DueOperation[]) {
  const [recorded, checked, dropped] = [createRecordingTelemetry(), [] as string[], [] as string[]];
  const agenda = {
    async *due() {
      for (const entry of entries) yield await Promise.resolve(entry);
    },
    drop: async ({ id }: DueOperation) => {
      dropped.push(id);
      await Promise.resolve();
    },
  };
  const check = async ({ id }: DueOperation) => {
    checked.push(id);
    await (id === 'fails' ? Promise.reject(new Error('Storage failed.')) : Promise.resolve());
  };
  const checker = { check };
  const checkers = {
    ...{ exports: checker, enablements: checker, removals: checker, imports: checker, backfills: checker },
    ...{
      verifications: checker,
      onboardings: checker,
      rollouts: checker,
      bundles: checker,
      reports: checker,
      reportSets: checker,
    },
  };
  const { telemetry } = recorded;
  const deps = { agenda, telemetry, queues: createFakeOperationQueue(), now: clock.now };
  const error = await monitorOperations(deps, checkers).catch((thrown: unknown) => thrown);
  const reported = recorded.of('operations.kind.unknown').map(({ kind, count }) => [kind, count]);
  return { checked, dropped, reported, error };
}

it('of a kind that this release does not know are left alone and counted, and all others are checked', async () => {
  const entries = [
    dueOf('forecasts', 'f1'),
    dueOf('exports', 'fails'),
    dueOf('forecasts', 'f2'),
    dueOf('audits', 'a1'),
    dueOf('imports', 'last'),
  ];
  const { checked, dropped, reported, error } = await monitored(entries);
  expect(checked).toEqual(['fails', 'last']);
  expect(dropped).toEqual([]);
  expect(reported).toEqual([
    ['forecasts', 2],
    ['audits', 1],
  ]);
  expect(error).toBeInstanceOf(AggregateError);
});

it('of no unknown kind are not reported', async () => {
  const { reported, error } = await monitored(operationKinds.map((kind) => dueOf(kind, kind)));
  expect([reported, error]).toEqual([[], undefined]);
});
