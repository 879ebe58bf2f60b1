import { Choice } from '../parts/field.tsx';
import { useTenants } from '../tenants/queries.ts';
import { several } from './queries.ts';

interface OwnerChoiceProps {
  readonly value: string;
  readonly onChange: (owner: string) => void;
}

/** A tenant, or several at once: each has webhook subscriptions and saved searches of its own. */
export function OwnerChoice({ value, onChange }: OwnerChoiceProps) {
  const tenants = useTenants().data?.value ?? [];
  const known = [
    { value: several, text: 'Several tenants' },
    ...tenants.map(({ tenantId, displayName }) => ({ value: tenantId, text: displayName })),
  ];
  const options = known.some((one) => one.value === value) ? known : [...known, { value, text: value }];
  return <Choice label="For" value={value} options={options} onChange={onChange} />;
}
