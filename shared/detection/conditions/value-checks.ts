/** Checks of values other than of their text alone: networks, numbers, and the values of another member. */
import type { Ordering } from '../../query/filter-language/filter-node.ts';
import { memoizeTexts } from '../../lazy.ts';
import { canonicalAddress } from '../../records/client-address.ts';
import { createNetworkMatcher, parseNetwork } from '../../records/networks.ts';
import type { Comparison } from './condition.ts';
import type { FieldReader, FieldValue } from './fields.ts';
import type { WatchedRecord } from './watched-record.ts';

export type ValueCheck = (value: FieldValue) => boolean;

/** Addresses are read in any form in which records have them, such as with a port. */
export function networkCheck(networks: readonly string[]): ValueCheck {
  const isInNetwork = createNetworkMatcher(networks.flatMap((text) => parseNetwork(text) ?? []));
  // Most records of a landing come from few addresses.
  const isWithin = memoizeTexts((text) => isInNetwork(canonicalAddress(text) ?? ''));
  return ({ text }) => isWithin(text);
}

const orders: Readonly<Record<Ordering, (value: number, wanted: number) => boolean>> = {
  gt: (value, wanted) => value > wanted,
  ge: (value, wanted) => value >= wanted,
  lt: (value, wanted) => value < wanted,
  le: (value, wanted) => value <= wanted,
};

/** Texts that are numbers are compared, too. */
export function numberCheck(op: Ordering, wanted: number): ValueCheck {
  const order = orders[op];
  return ({ raw, text }) => {
    const written = typeof raw === 'number' || typeof raw === 'string' ? text.trim() : '';
    const value = written === '' ? Number.NaN : Number(written);
    return order(value, wanted);
  };
}

type How = NonNullable<Extract<Comparison, { readonly op: 'sameAs' }>['how']>;

const similarities: Readonly<Record<How, (value: string, other: string) => boolean>> = {
  equals: (value, other) => value === other,
  contains: (value, other) => value.includes(other),
  startsWith: (value, other) => value.startsWith(other),
  endsWith: (value, other) => value.endsWith(other),
};

/** Whether a value of one member is like one of another member. An empty text is like none. */
export function sameCheck(
  read: FieldReader,
  readOther: FieldReader,
  how: How = 'equals',
): (watched: WatchedRecord) => boolean {
  const isSimilar = similarities[how];
  return (watched) => {
    const others = readOther(watched).map(({ normalized }) => normalized);
    return read(watched).some(({ normalized }) =>
      others.some((other) => other !== '' && isSimilar(normalized, other)),
    );
  };
}
