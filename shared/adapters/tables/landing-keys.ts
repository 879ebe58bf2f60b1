/** Keys and columns of the table `Landings`. */
import * as z from 'zod';
import { landingSchema } from '../../landing/landing.ts';

export const landingTable = 'Landings';
export const markerPrefix = 'unindexed_';
export const sequencePrefix = 'sequence_';
/** Milliseconds since 1970, for the next thirty thousand years. */
const sequenceDigits = 15;
/** Each failed attempt was overtaken by another landing of the tenant. */
export const maxAttempts = 100;

/** Edm.Int64: in Azure a plain whole number is an Edm.Int32, which is too small; the emulator accepts it. */
export const sequenceColumn = z.bigint().transform(Number);

export const landingColumns = landingSchema.omit({ landingId: true });

export function markerKey(partitionKey: string, landingId: string) {
  return { partitionKey, rowKey: markerPrefix + landingId };
}

export function sequenceKey(sequence: number): string {
  return sequencePrefix + numberKey(sequence);
}

/** Sorts as the number does. */
export function numberKey(sequence: number): string {
  return String(sequence).padStart(sequenceDigits, '0');
}
