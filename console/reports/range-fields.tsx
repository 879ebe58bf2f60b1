import { Choice, Field } from '../parts/field.tsx';
import { Moment } from '../parts/moment.tsx';
import type { ChangeState } from '../url/codecs.ts';
import type { formSchema, FormState } from './form-state.ts';
import { ranges, type Range, type RangeName } from './range.ts';

const texts: Readonly<Record<RangeName, string>> = {
  lastMonth: 'Last calendar month',
  days7: 'Last 7 days',
  days30: 'Last 30 days',
  custom: 'From … to …',
};

interface RangeFieldsProps {
  readonly state: FormState;
  readonly change: ChangeState<typeof formSchema>;
  /** Undefined: what is chosen is not a range. */
  readonly range: Range | undefined;
}

/** Whole days in UTC, and what they are in the time of the reader. */
export function RangeFields({ state, change, range }: RangeFieldsProps) {
  return (
    <>
      <Choice
        label="Range (UTC)"
        value={state.range}
        options={ranges.map((value) => ({ value, text: texts[value] }))}
        onChange={(chosen) => {
          // What was chosen before is where the days begin.
          const days =
            range === undefined ? {} : { from: range.from.slice(0, 10), to: range.to.slice(0, 10) };
          change({ range: chosen, ...(chosen === 'custom' ? days : { from: '', to: '' }) }, { push: true });
        }}
      />
      {state.range === 'custom' && <Days {...{ state, change, range }} />}
      {range !== undefined && (
        <dl class="report-range">
          <div>
            <dt>From</dt>
            <dd>
              <Moment at={range.from} />
            </dd>
          </div>
          <div>
            <dt>Before</dt>
            <dd>
              <Moment at={range.to} />
            </dd>
          </div>
        </dl>
      )}
    </>
  );
}

function Days({ state, change, range }: RangeFieldsProps) {
  return (
    <>
      <Field
        label="First day"
        type="date"
        value={state.from}
        onInput={(from) => {
          change({ from });
        }}
      />
      <Field
        label="Day after the last one"
        type="date"
        value={state.to}
        error={range === undefined ? 'Choose a day after the first one.' : undefined}
        onInput={(to) => {
          change({ to });
        }}
      />
    </>
  );
}
