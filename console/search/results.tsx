import { useCallback } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { Button } from '../parts/button.tsx';
import { Message } from '../parts/message.tsx';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import type { ColumnId } from './column-ids.ts';
import { sayCompleteness } from './completeness.ts';
import type { useRecords } from './queries.ts';
import { RecordsTable } from './records-table.tsx';

type Records = ReturnType<typeof useRecords>;

interface ResultsProps {
  readonly records: Records;
  readonly shown: readonly ColumnId[];
  readonly openRecord: string;
  readonly hrefOf: (record: string) => string;
  readonly onOpen: (record: string) => void;
}

/** The records that were found so far, and how complete they are. */
export function Results({ records, ...table }: ResultsProps) {
  const { rows, error, isPending, isFetching, isFull, hasNextPage, refetch, fetchNextPage } = records;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFull && !isFetching && error === null) void fetchNextPage({ cancelRefetch: false });
  }, [hasNextPage, isFull, isFetching, error, fetchNextPage]);
  if (isPending) return <Loading what="records" />;
  return (
    <>
      {error !== null && (
        <Failure
          error={toApiError(error)}
          what={`${rows.length === 0 ? 'The' : 'More'} records could not be loaded`}
          retry={() => void (rows.length === 0 ? refetch() : fetchNextPage())}
        />
      )}
      {records.data !== undefined && <Completeness records={records} />}
      {rows.length > 0 ? (
        <RecordsTable {...table} rows={rows} isAll={!hasNextPage} onEnd={loadMore} />
      ) : (
        error === null && <NothingYet {...{ hasNextPage, isFetching, loadMore }} />
      )}
    </>
  );
}

function Completeness({ records }: { readonly records: Records }) {
  const { data, isFetching } = records;
  const last = data?.pages.at(-1);
  if (last === undefined) return undefined;
  const { sentences, isWarning } = sayCompleteness(last);
  const withGaps = data?.pages.flatMap(({ tenants }) => tenants.filter(({ hasGaps }) => hasGaps)) ?? [];
  const tenants = new Map(withGaps.map((tenant) => [tenant.tenantId, tenant.displayName]));
  return (
    <>
      <p class="fine" role="status">
        {countText(records)}
        {isFetching ? ' Loading more…' : ''} {isWarning ? '' : sentences.join(' ')}
      </p>
      {isWarning && (
        <Message tone="warning" title="Not everything is here">
          <p>{sentences.join(' ')}</p>
          {[...tenants].slice(0, 5).map(([tenantId, name]) => (
            <p key={tenantId}>
              <a href={`/console/tenants/${tenantId}?tab=gaps`}>
                What is lost of <bdi>{name}</bdi>
              </a>
            </p>
          ))}
        </Message>
      )}
    </>
  );
}

function countText({ rows: { length }, hasNextPage, isFull }: Records): string {
  const records = length === 1 ? '1 record' : `${length.toLocaleString('en-US')} records`;
  if (isFull) return `${records}, and more that are not listed. Narrow the search, or export all of them.`;
  return hasNextPage ? `${records} so far; more are loaded as you scroll.` : `${records}.`;
}

interface NothingProps {
  readonly hasNextPage: boolean;
  readonly isFetching: boolean;
  readonly loadMore: () => void;
}

/** A page may be empty although there are more: that is said, and not taken for the end. */
function NothingYet({ hasNextPage, isFetching, loadMore }: NothingProps) {
  if (hasNextPage)
    return (
      <Empty icon="search" title="Nothing was found so far">
        <p>A part of the range, or of the tenants, was searched.</p>
        <Button isBusy={isFetching} onClick={loadMore}>
          Search on
        </Button>
      </Empty>
    );
  return (
    <Empty icon="search" title="No record fits this search">
      <p>Choose a longer time, fewer filters, or other tenants.</p>
    </Empty>
  );
}
