import { useMemo, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Text } from '../parts/text.tsx';
import type { ColumnId } from '../search/column-ids.ts';
import { useRecords } from '../search/queries.ts';
import { Results } from '../search/results.tsx';
import { searchSchema } from '../search/search-state.ts';
import { rangeOf } from '../search/time-range.ts';
import { readState } from '../url/codecs.ts';
import { searchWords } from './search-words.ts';

interface SideBySideProps {
  readonly searches: readonly string[];
  readonly openRecord: string;
  readonly hrefOf: (record: string) => string;
  readonly onOpen: (record: string) => void;
  readonly onRemove: (search: string) => void;
}

/** All searches next to each other, each with what it finds now. */
export function SideBySide({ searches, ...pane }: SideBySideProps) {
  return (
    <div class="side-by-side">
      {searches.map((search) => (
        <Pane key={search} {...{ search, ...pane }} />
      ))}
    </div>
  );
}

const shown: readonly ColumnId[] = ['time', 'person', 'activity', 'object'];

interface PaneProps extends Omit<SideBySideProps, 'searches'> {
  readonly search: string;
}

function Pane({ search, onRemove, ...table }: PaneProps) {
  const [now] = useState(() => new Date());
  const state = useMemo(() => readState(searchSchema, search), [search]);
  const range = useMemo(() => rangeOf(state, now), [state, now]);
  const records = useRecords(state, range);
  const words = searchWords(state);
  return (
    <section class="card section pane" aria-label={words}>
      <h2>
        <Text>{words}</Text>
      </h2>
      <div class="actions">
        <a href={`/console/search${search}`} aria-label={`Open in Search: ${words}`}>
          Open in Search
        </a>
        <Button
          kind="subtle"
          label={`Remove: ${words}`}
          onClick={() => {
            onRemove(search);
          }}
        >
          Remove
        </Button>
      </div>
      <Results {...{ records, shown, ...table }} />
    </section>
  );
}
