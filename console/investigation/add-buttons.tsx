/** What other pages offer: a search or a record becomes a part of the investigation. */
import { Button } from '../parts/button.tsx';
import { announce } from '../shell/announcer.tsx';
import { isPinned, limits, withoutPin, withPin, withSearch } from './investigation.ts';
import { useInvestigation } from './use-investigation.ts';

/** @param search the query of the address of a search */
export function AddSearch({ search }: { readonly search: string }) {
  const { investigation, change } = useInvestigation();
  if (investigation.searches.includes(search))
    return <a href="/console/investigation">In the investigation</a>;
  return (
    <Button
      refusal={investigation.searches.length >= limits.searches ? fullText('searches') : undefined}
      onClick={() => {
        announce(change((now) => withSearch(now, search)) ? 'The search is in the investigation' : notKept);
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
  const { investigation, change } = useInvestigation();
  const isOn = isPinned(investigation, record);
  return (
    <Button
      kind="subtle"
      refusal={!isOn && investigation.pins.length >= limits.pins ? fullText('pins') : undefined}
      label={isOn ? 'Unpin the record' : 'Pin the record to the investigation'}
      onClick={() => {
        const isKept = change((now) => (isOn ? withoutPin(now, record) : withPin(now, record)));
        announce(isKept ? (isOn ? 'Unpinned' : 'Pinned to the investigation') : notKept);
      }}
    >
      {isOn ? 'Unpin' : 'Pin'}
    </Button>
  );
}

/** Also said on the page of the investigation. */
export const notKept = 'The browser does not store the investigation: its storage is full or switched off';

function fullText(what: 'searches' | 'pins'): string {
  return `The investigation has ${limits[what]} ${what === 'pins' ? 'pinned records' : 'searches'} already, which is the most`;
}
