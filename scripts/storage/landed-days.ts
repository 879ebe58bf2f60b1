/** The days of landing that a command is limited to. */
import { Option } from '@commander-js/extra-typings';
import { UsageError } from '../command-line/failure.ts';
import { day } from '../command-line/values.ts';

/** `--from`, for every command that has it. */
export const fromDay = new Option(
  '--from <day>',
  'landed on this day or later, e.g. 2026-03-01 (default: from the beginning)',
).argParser(day);

export interface LandedDays {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** @throws UsageError for a range without a day */
export function checkDays({ from, to }: LandedDays): void {
  if (from !== undefined && to !== undefined && from >= to)
    throw new UsageError('--to must be after --from: the day that it names is excluded');
}
