import { Choice } from '../parts/field.tsx';

interface TenantChoiceProps {
  readonly tenants: readonly { readonly tenantId: string; readonly displayName: string }[];
  /** Empty: none is chosen yet. */
  readonly tenantId: string;
  readonly onChange: (tenantId: string) => void;
}

/** One tenant, by name. */
export function TenantChoice({ tenants, tenantId, onChange }: TenantChoiceProps) {
  const named = tenants
    .map((tenant) => ({ value: tenant.tenantId, text: tenant.displayName }))
    .toSorted((a, b) => a.text.localeCompare(b.text));
  const isKnown = named.some(({ value }) => value === tenantId);
  return (
    <div class="report-tenant">
      <Choice
        label="Tenant"
        value={isKnown ? tenantId : ''}
        options={[{ value: '', text: 'Choose a tenant' }, ...named]}
        onChange={onChange}
      />
    </div>
  );
}
