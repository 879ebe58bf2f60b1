import { useId } from 'preact/hooks';
import { momentText } from './completeness.ts';
import type { ChangeSearch, SearchState } from './search-state.ts';
import { fieldTextOf, isoOf, type TimeRange } from './time-range.ts';

interface RangeFieldsProps {
  readonly state: SearchState;
  readonly change: ChangeSearch;
  readonly range: TimeRange;
}

/** From when to when: to choose, or to read. */
export function RangeFields({ state, change, range }: RangeFieldsProps) {
  if (state.range !== 'custom')
    return (
      <div class="range-said fine">
        <span>From {range.from === undefined ? 'the first record' : momentText(range.from)}</span>
        <span>to {momentText(range.to)}</span>
      </div>
    );
  return (
    <>
      <MomentField
        label="From (UTC)"
        value={state.from}
        onChange={(from) => {
          change({ from }, { push: true });
        }}
      />
      <MomentField
        label="To (UTC, not included)"
        value={state.to}
        onChange={(to) => {
          change({ to }, { push: true });
        }}
      />
    </>
  );
}

interface MomentFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (iso: string) => void;
}

/** A time in UTC, with what it is in the reader's time. */
function MomentField({ label, value, onChange }: MomentFieldProps) {
  const id = useId();
  const iso = isoOf(value);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...{ id, type: 'datetime-local', step: 1, value: fieldTextOf(value) }}
        aria-describedby={`${id}-local`}
        onChange={({ currentTarget }) => {
          onChange(isoOf(currentTarget.value) ?? '');
        }}
      />
      <p class="hint" id={`${id}-local`}>
        {iso === undefined ? 'Open' : momentText(iso)}
      </p>
    </div>
  );
}
