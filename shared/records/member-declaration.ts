/** What is declared of a member of a record. */
import * as z from 'zod';
import type { JsonObject } from '../json.ts';
import type { TextKind } from './normalize.ts';
import type { CodeKind } from './record-types.ts';

/** A member whose value is in the delivered record. */
export interface DeliveredMember {
  /** How the value is read, compared and shown; a `list` holds texts. */
  readonly kind: TextKind | CodeKind | 'list';
  /** Delivered fields; the first one that has a value is shown. */
  readonly from: readonly string[];
  /** The record is found by the values of all fields, and by each value in one of them. */
  readonly several?: true;
  /** Further names: rows exist for each. A filter of its own asks for all of them, or else the member's filter does. */
  readonly named?: FurtherNames;
  /** What the record implies if no field has a value. */
  readonly implied?: (fields: JsonObject) => string | undefined;
  /** How index rows hold the value: a stored format, never to be changed. */
  readonly stored: StoredMember;
  /** Name in `groupBy`. */
  readonly groupKey?: string;
  readonly filter?: MemberFilter;
  /** In the filter, `*` matches any characters, or none. */
  readonly wildcards?: true;
  readonly schema: z.ZodType;
}

/** Partitions of the index by values, from the rarest kind of value to the most frequent. */
export const memberDimensions = ['object', 'container', 'ip', 'user', 'operation'] as const;
export type MemberDimension = (typeof memberDimensions)[number];

interface StoredMember {
  /** Index in the packed summary; a new member takes the next one. */
  readonly slot: number;
  /** Column that storage filters rows by. One letter: it is billed with every row. */
  readonly column?: string;
  /** Partition that has a row for the value. */
  readonly dimension?: MemberDimension;
  /** Part of the hash that keeps the values of several members in one partition apart. */
  readonly salt?: string;
}

/** Names that a record is also found by. */
export interface FurtherNames {
  readonly names: (fields: JsonObject) => readonly string[];
  readonly filter?: MemberFilter;
}

/** A query parameter that filters by the member. */
interface MemberFilter {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** A filter by the member. */
export function parameter<const Name extends string>(name: Name, title: string, description: string) {
  return { name, title, description };
}

/** A text that a record may lack. */
export const text = (description: string) => z.string().optional().meta({ description });
/** A moment that a record may lack. */
export const moment = (description: string) =>
  z.iso.datetime().optional().meta({ description, format: 'date-time' });
