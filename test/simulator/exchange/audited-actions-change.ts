/** How Set-Mailbox changes what a mailbox audits. */

import * as z from 'zod';
import {
  actionNamed,
  defaultActions,
  logonTypes,
  type AuditedActions,
  type LogonType,
} from './audit-actions.ts';

const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);

/** A complete list, or actions to add to and remove from the current one. */
export const actionsChangeSchema = (type: LogonType) => {
  const actions = texts.transform((names, context) =>
    names.map((name) => {
      const action = actionNamed(type, name);
      if (action !== undefined) return action;
      context.addIssue(`Cannot convert value "${name}" to a mailbox action of the logon type ${type}.`);
      return z.NEVER;
    }),
  );
  const hashTable = z.strictObject({
    '@odata.type': z.literal('#Exchange.GenericHashTable'),
    Add: actions.optional(),
    Remove: actions.optional(),
  });
  return z.union([actions, hashTable]).optional();
};

type ActionsChange = z.output<ReturnType<typeof actionsChangeSchema>>;

/** Names separated by commas are accepted as a list. */
export const defaultAuditSetSchema = texts
  .transform((names) => names.flatMap((name) => name.split(',')).map((name) => name.trim()))
  .pipe(z.array(z.enum(logonTypes)).min(1))
  .optional();

interface Audited {
  readonly actions: AuditedActions;
  readonly defaultAuditSet: readonly LogonType[];
}

/** Returns the named lists to Microsoft's management; lists of other logon types stay unchanged. */
export const restoreDefaults = (audited: Audited, types: readonly LogonType[]): Audited => ({
  actions: {
    ...audited.actions,
    ...Object.fromEntries(types.map((type) => [type, defaultActions[type]])),
  },
  defaultAuditSet: logonTypes.filter(
    (type) => types.includes(type) || audited.defaultAuditSet.includes(type),
  ),
});

/** Any list that is set, even to the same value, is no longer managed by Microsoft. */
export const changeActions = (audited: Audited, type: LogonType, change: ActionsChange): Audited => {
  if (change === undefined) return audited;
  return {
    actions: { ...audited.actions, [type]: actionsAfter(audited.actions[type], change) },
    defaultAuditSet: audited.defaultAuditSet.filter((managed) => managed !== type),
  };
};

/** The actions that a change names in order to audit them. */
export const addedActions = (change: ActionsChange): readonly string[] => {
  if (change === undefined) return [];
  return Array.isArray(change) ? change : (change.Add ?? []);
};

const actionsAfter = (present: readonly string[], change: NonNullable<ActionsChange>): readonly string[] => {
  if (Array.isArray(change)) return [...new Set(change)].sort();
  const removed = new Set(change.Remove);
  return [...new Set([...present, ...(change.Add ?? [])])].filter((action) => !removed.has(action)).sort();
};
