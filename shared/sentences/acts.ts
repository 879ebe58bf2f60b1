/** All acts. Of one operation, the first act whose condition holds counts: what is more particular comes first. */
import { groupBy } from '../group-by.ts';
import type { Act, Acts } from './act.ts';
import { auditingActs } from './acts/auditing.ts';
import { mailboxActs } from './acts/mailboxes.ts';
import { roleActs } from './acts/roles.ts';
import { normalOperation } from './operation-name.ts';

export const acts = { ...auditingActs, ...mailboxActs, ...roleActs } as const satisfies Acts;

export type ActName = keyof typeof acts;

interface NamedAct {
  readonly name: ActName;
  readonly act: Act;
}

export const actNames: readonly ActName[] = Object.keys(acts).filter(isActName);

function isActName(name: string): name is ActName {
  return Object.hasOwn(acts, name);
}

const named: readonly NamedAct[] = actNames.map((name) => ({ name, act: acts[name] }));
const byOperation: ReadonlyMap<string, readonly NamedAct[]> = new Map([
  ...groupBy(
    named.flatMap(({ name, act }) => act.operations.map((operation) => ({ name, act, operation }))),
    ({ operation }) => normalOperation(operation),
  ),
]);

/** The acts that records of the operation may mean. */
export function actsOf(operation: string): readonly NamedAct[] {
  return byOperation.get(normalOperation(operation)) ?? [];
}
