/** Where the reading of one stream goes on, on the next page. */
import type { Month } from '../../index/keys.ts';

/**
 * `past`: behind this position, or behind all records newer than this inverted time;
 * else a month and storage's own token within it, an empty one being the month's beginning.
 */
export type Place = { readonly past: string } | { readonly month: Month; readonly token: string };

/** Where a stream is that has come to its end. */
export const theEnd: Place = { month: '000000', token: '' };

/** Places by name of stream. */
export type Places = Readonly<Record<string, Place>>;
