/** Whose an operation is, as its events say it. */
import { expect, it } from 'vitest';
import { ownerOfSet } from '../../../shared/access/owner.ts';
import { cancelOperation } from '../../../shared/operations/end-operation.ts';
import { checkOperation } from '../../../shared/operations/monitor-operations.ts';
import { operationKinds, wholePartner } from '../../../shared/operations/operation.ts';
import { startOperation } from '../../../shared/operations/start-operation.ts';
import { createClock, dayMs } from '../../support/clock.ts';
import { createFakeOperationAgenda, createFakeOperationStore } from '../../support/fakes/operation-store.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeOperationQueue, manyKind, whoseOf } from '../../support/operations.ts';
import { fabrikamId } from '../../support/tenants.ts';

const events = [
  'operations.operation.started',
  'operations.operation.finished',
  'operations.operation.expired',
] as const;

it.each(operationKinds)('events of %s name a tenant only if the operation has one', async (name) => {
  const clock = createClock();
  const recorded = createRecordingTelemetry();
  const store = createFakeOperationStore({ ...manyKind, name });
  const agenda = createFakeOperationAgenda(store);
  const { telemetry } = recorded;
  const deps = { queues: createFakeOperationQueue(), agenda, telemetry, now: clock.now };
  const tenantId = { tenant: fabrikamId, owner: ownerOfSet('*'), partner: wholePartner }[whoseOf[name]];
  const wanted = { tenantId, createdBy: 'key-1', request: { note: '' }, state: { done: 0 } };
  const { id } = await startOperation(deps, store, wanted);
  const one = await store.get({ tenantId, id });
  if (one === undefined) throw new Error('It was not stored.');
  await cancelOperation(deps, { store }, one);
  clock.advance(dayMs);
  for await (const due of agenda.due(clock.now())) await checkOperation(deps, { store }, due);
  const expected = whoseOf[name] === 'tenant' ? fabrikamId : undefined;
  for (const event of events)
    expect(recorded.of(event).map((fields) => [event, fields['kind'], fields['tenantId']])).toEqual([
      [event, name, expected],
    ]);
});
