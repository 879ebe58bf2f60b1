/** Lists from which makers of flows choose. */
import { dynamicValues } from './dynamic-values.ts';

/**
 * By name of the parameter, or of the member of a body, that takes the values. Other values can be entered, several of
 * them separated by commas.
 */
export const pickers: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  service: dynamicValues('ListServices', 'name', 'displayName'),
  operations: dynamicValues('ListOperations', 'name', 'displayName'),
  recordType: dynamicValues('ListRecordTypes', 'name', 'displayName'),
  tenants: dynamicValues('ListTenantChoices', 'name', 'displayName'),
};
