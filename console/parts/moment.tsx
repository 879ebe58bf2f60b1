import { localOf, utcOf } from './moments.ts';

/** A time, in UTC and in the time of its reader. @param at ISO 8601 */
export function Moment({ at }: { readonly at: string }) {
  const moment = new Date(at);
  const local = localOf(moment);
  return (
    <time class="moment" dateTime={at}>
      <span>{utcOf(moment)} UTC</span>
      {local !== undefined && <span class="local">{local} local</span>}
    </time>
  );
}
