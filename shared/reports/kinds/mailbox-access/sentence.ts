/** Records in words. */
import type { JsonObject } from '../../../json.ts';
import type { FoundRecord } from '../../../query/found-record.ts';
import { describe, textOf } from '../../../sentences/describe.ts';
import { cutText } from '../../cut-text.ts';

export function sentenceOf({ summary }: FoundRecord, fields: JsonObject): string {
  return cutText(textOf(describe(summary, fields).sentence));
}
