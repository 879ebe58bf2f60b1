/** What "the same value" means when records are filtered: one rule for the index and for queries. */
import { canonicalAddress } from './client-address.ts';

/** Case, outer blanks and Unicode composition make no difference; the same person appears in two casings. */
export function normaliseText(value: string): string {
  // Lower case can take a composed character apart again, so it is composed twice.
  return value.normalize('NFC').trim().toLowerCase().normalize('NFC');
}

/** Besides, a site is the same with and without its closing slash. */
export function normaliseUrl(value: string): string {
  return normaliseText(value).replace(/\/+$/, '');
}

/** `192.0.2.1:443` and `192.0.2.1` are one address; a host's name is compared as a text. */
export function normaliseAddress(value: string): string {
  return normaliseText(canonicalAddress(value) ?? '');
}
