/** All operations of the HTTP interface; a test holds them against what is registered. */
import { complete } from '../complete.ts';
import type { Operation } from '../operation.ts';
import { once } from '../remembered.ts';
import { accessOperations } from './access.ts';
import { enablementOperations } from './enablements.ts';
import { exportOperations } from './exports.ts';
import { recordOperations } from './records.ts';
import { selfOperations } from './self.ts';
import { tenantOperations } from './tenants.ts';
import { triggerOperations } from './triggers.ts';

/** What is particular to each. */
export const ownOperations: readonly Operation[] = [
  ...recordOperations,
  ...triggerOperations,
  ...exportOperations,
  ...tenantOperations,
  ...enablementOperations,
  ...accessOperations,
  ...selfOperations,
];

/** As they answer. Made when somebody wants to read them: an app that starts has other things to do. */
export const allOperations = once((): readonly Operation[] => ownOperations.map(complete));
