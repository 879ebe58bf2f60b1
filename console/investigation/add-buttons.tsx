/** What other pages offer: a search or a record becomes a part of the investigation. */
import { Button } from '../parts/button.tsx';
import { announce } from '../shell/announcer.tsx';
import { isPinned, limits, withoutPin, withPin, withSearch } from './investigation.ts';
import { useInvestigation } from './use-investigation.ts';

/** @param search the query of the address of a search */
export function AddSearch({ search }: { readonly search: string }) {
  const [investigation, change] = useInvestigation();
  if (investigation.searches.includes(search))
    return <a href="/console/investigation">In the investigation</a>;
  return (
    <Button
      onClick={() => {
        const isFull = investigation.searches.length >= limits.searches;
        change((now) => withSearch(now, search));
        announce(isFull ? fullText('searches') : 'The search is in the investigation');
      }}
    >
      Add to the investigation
    </Button>
  );
}

interface PinRecordProps {
  readonly tenantId: string;
  readonly recordId: string;
}

export function PinRecord(record: PinRecordProps) {
  const [investigation, change] = useInvestigation();
  const isOn = isPinned(investigation, record);
  return (
    <Button
      kind="subtle"
      label={isOn ? 'Unpin the record' : 'Pin the record to the investigation'}
      onClick={() => {
        const isFull = !isOn && investigation.pins.length >= limits.pins;
        change((now) => (isOn ? withoutPin(now, record) : withPin(now, record)));
        announce(isFull ? fullText('pins') : isOn ? 'Unpinned' : 'Pinned to the investigation');
      }}
    >
      {isOn ? 'Unpin' : 'Pin'}
    </Button>
  );
}

function fullText(what: 'searches' | 'pins'): string {
  return `The investigation has ${limits[what]} ${what === 'pins' ? 'pinned records' : 'searches'} already, which is the most`;
}
