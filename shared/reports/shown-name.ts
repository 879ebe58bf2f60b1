/** Which of several spellings of the same name is shown. */
import { compareTexts } from '../compare-texts.ts';

interface Named {
  readonly name: string;
  /** Milliseconds since 1970, of the newest record with the name. */
  readonly last: number;
}

/** That of the newest record; of one second, the first in order: so that it does not depend on the order of records. */
export function shownName(before: Named | undefined, next: Named): string {
  if (before === undefined || next.last > before.last) return next.name;
  const isFirst = next.last === before.last && compareTexts(next.name, before.name) < 0;
  return isFirst ? next.name : before.name;
}
