/** Records that have no sentence of their own: what the record calls the operation, the actor, the object, and the service. */
import { recipientIn } from '../records/recipient-names.ts';
import type { Act } from './act.ts';
import { operationName } from './operation-name.ts';
import { say, valuePart, type Phrase } from './parts.ts';
import { actor } from './people.ts';

export const other: Act = {
  operations: [],
  severity: 'routine',
  sentence: (facts) => {
    const { operation = '', objectId, service } = facts.record;
    const on =
      objectId === undefined
        ? undefined
        : say` on ${[valuePart(recipientIn(objectId), 'objectId', objectId)]}`;
    if (cmdlet.test(operation)) return say`${actor(facts)} ran ${[valuePart(operation, 'operation')]}${on}`;
    return say`${actor(facts)} performed ${quoted(operation)}${on}${inService(service)}`;
  },
};

/** `Set-MailboxPlan`, but not `COMPLIANCEMANAGER-SCORECHANGE`. */
const cmdlet = /^[A-Za-z][a-z]+-[A-Za-z]+$/;

function quoted(operation: string): Phrase {
  const name = operationName(operation);
  if (name === '') return say`an operation without a name`;
  return say`“${[valuePart(name, 'operation', operation)]}”`;
}

function inService(service: string | undefined): Phrase | undefined {
  return service === undefined ? undefined : say` in ${[valuePart(service, 'service')]}`;
}
