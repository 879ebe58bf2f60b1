import { toApiError } from '../api/api-error.ts';
import { Button } from '../parts/button.tsx';
import { Choice } from '../parts/field.tsx';
import { Message } from '../parts/message.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { countText } from '../reports/numbers.ts';
import { countsBy, groupKeyOf, type CountsBy } from './count-keys.ts';
import { useCounts, type Counts } from './counts.ts';
import { Histogram } from './histogram.tsx';
import type { ChangeSearch, SearchState } from './search-state.ts';
import { stepOf, timeBars } from './time-bars.ts';
import type { TimeRange } from './time-range.ts';
import { ValueCounts } from './value-counts.tsx';

interface CountsPanelProps {
  readonly state: SearchState;
  readonly change: ChangeSearch;
  readonly range: TimeRange;
  /** The first records are there. */
  readonly isReady: boolean;
}

const texts: Readonly<Record<CountsBy, string>> = {
  time: 'Over time',
  people: 'By person',
  activities: 'By activity',
  addresses: 'By address',
};

/** The number of records over time, or by person, activity, or address; each leads to its records. */
export function CountsPanel({ state, change, range, isReady }: CountsPanelProps) {
  const counts = useCounts(state, range, isReady);
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = counts;
  return (
    <section class="card counts" aria-label="Counts">
      <div class="counts-head">
        <Choice
          label="Counts"
          value={state.counts}
          options={countsBy.map((value) => ({ value, text: texts[value] }))}
          onChange={(by) => {
            change({ counts: by });
          }}
        />
        {data !== undefined && (
          <p class="fine" role="status">
            {countText(data.total)} {data.total === 1 ? 'record' : 'records'}
            {hasNextPage ? ' counted so far' : ''}
          </p>
        )}
      </div>
      {error !== null && (
        <Failure
          error={toApiError(error)}
          what="The records could not be counted"
          retry={() => void (data === undefined ? refetch() : fetchNextPage())}
        />
      )}
      {data === undefined && error === null && <Loading what="counts" />}
      {hasNextPage && (
        <Message
          tone="warning"
          title="Only a part is counted"
          action={
            <Button isBusy={isFetching} onClick={() => void fetchNextPage()}>
              {isFetching ? 'Counting…' : 'Count more'}
            </Button>
          }
        >
          <p>There are more records, of other tenants or of an earlier time.</p>
        </Message>
      )}
      {data !== undefined && <Shown {...{ state, change, range, data }} />}
    </section>
  );
}

function Shown({
  state,
  change,
  range,
  data,
}: Omit<CountsPanelProps, 'isReady'> & { readonly data: Counts }) {
  const isOfTime = state.counts === 'time';
  return (
    <>
      {data.others > 0 && <AtLeast others={data.others} isOfTime={isOfTime} />}
      {state.counts === 'time' ? (
        <Histogram
          key={`${range.from ?? ''} ${range.to}`}
          bars={timeBars(data.groups, stepOf(range), range)}
          onChoose={({ from, to }) => {
            change({ range: 'custom', from, to }, { push: true });
          }}
        />
      ) : (
        <ValueCounts counts={data} by={state.counts} groupKey={groupKeyOf(state.counts, range)} />
      )}
    </>
  );
}

interface AtLeastProps {
  readonly others: number;
  readonly isOfTime: boolean;
}

/** The API tells only so many values apart: what is beyond them may belong to those that are shown as well. */
function AtLeast({ others, isOfTime }: AtLeastProps) {
  return (
    <p class="fine">
      {isOfTime
        ? `${countText(others)} records are in no bar: the range has more days than can be counted at once.`
        : `Each number is at least so many: ${countText(others)} records were counted together as others.`}
    </p>
  );
}
