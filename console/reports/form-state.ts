/** What the form of reports is set to, in its address. */
import { list } from '../search/lists.ts';
import { oneOf, text, type StateOf } from '../url/codecs.ts';
import { optionsCodec } from './options.ts';
import { ranges } from './range.ts';

export const formSchema = {
  /** The ID of one, `*`, a tag such as `tag:gold`, or `several`; empty: none is chosen yet. */
  tenant: text(),
  /** Terms of the set, where `tenant` says so. */
  several: list,
  /** Empty: the first kind. */
  kind: text(),
  range: oneOf(ranges, 'lastMonth'),
  from: text(),
  to: text(),
  options: optionsCodec,
} as const;

export type FormState = StateOf<typeof formSchema>;
