import { Choice } from '../parts/field.tsx';
import { useRefusal } from '../session/use-permissions.ts';
import { useWatches } from '../watches/queries.ts';

interface WatchChoiceProps {
  /** ID of a watch; empty: any. */
  readonly value: string;
  readonly onChange: (watchId: string) => void;
}

/** One of the watches, for those who see them; others may have a link to one. */
export function WatchChoice({ value, onChange }: WatchChoiceProps) {
  const isAllowed = useRefusal('ListWatches') === undefined;
  const watches = useWatches({ enabled: isAllowed }).data?.value ?? [];
  if (!isAllowed && value === '') return null;
  const known = [
    { value: '', text: 'Any' },
    ...watches.map(({ id, displayName }) => ({ value: id, text: displayName })),
  ];
  const options = known.some((one) => one.value === value) ? known : [...known, { value, text: value }];
  return <Choice label="Watch" value={value} options={options} onChange={onChange} />;
}
