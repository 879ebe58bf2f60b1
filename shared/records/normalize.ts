/** When two values count as the same: one rule for the index and for queries. */
import { canonicalAddress } from './client-address.ts';

/** How texts are compared. */
export type TextKind = 'text' | 'url' | 'address';

/** Equal for values that count as the same. */
export const normalize: Readonly<Record<TextKind, (value: string) => string>> = {
  text: normalizeText,
  /** A trailing slash makes no difference either. */
  url: (value) => normalizeText(value).replace(/\/+$/, ''),
  /** `192.0.2.1:443` and `192.0.2.1` are one address; host names are compared as texts. */
  address: (value) => normalizeText(canonicalAddress(value) ?? ''),
};

/** Case, surrounding whitespace and Unicode composition make no difference: one person appears in several spellings. */
function normalizeText(value: string): string {
  // Lower case can decompose a composed character, so composition is applied again.
  return value.normalize('NFC').trim().toLowerCase().normalize('NFC');
}
