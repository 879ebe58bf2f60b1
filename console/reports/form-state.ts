/** What the form of reports is set to, in its address. */
import { oneOf, text, type StateOf } from '../url/codecs.ts';
import { optionsCodec } from './options.ts';
import { ranges } from './range.ts';

export const formSchema = {
  tenant: text(),
  /** Empty: the first kind. */
  kind: text(),
  range: oneOf(ranges, 'lastMonth'),
  from: text(),
  to: text(),
  options: optionsCodec,
} as const;

export type FormState = StateOf<typeof formSchema>;
