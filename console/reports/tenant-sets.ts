/** Whom a report is about: one tenant, or a set of them as the API names it. */
import type { FormState } from './form-state.ts';

interface Tenant {
  readonly tenantId: string;
  readonly displayName: string;
  readonly domain?: string | undefined;
  readonly tags: readonly string[];
}

/** `tenants` are terms of a set: IDs, domains, tags such as `tag:gold`, or `*`; without any, they are still to be chosen. */
export type Chosen =
  | { readonly tenantId: string; readonly tenants?: never }
  | { readonly tenants: readonly string[]; readonly tenantId?: never };

/** In the address of the form: a set of the terms in `several`. */
export const several = 'several';
const all = '*';
const tagPrefix = 'tag:';

/** What may be chosen: the values are those of `tenant` in the address. */
export function tenantOptions(tenants: readonly Tenant[]) {
  return [
    { value: '', text: 'Choose tenants' },
    { value: all, text: 'All tenants' },
    ...tagsOf(tenants).map((tag) => ({ value: `${tagPrefix}${tag}`, text: termText(`${tagPrefix}${tag}`) })),
    { value: several, text: 'Several tenants' },
    ...byName(tenants).map(({ tenantId, displayName }) => ({ value: tenantId, text: displayName })),
  ];
}

/** What a set of several may have. */
export function termChoices(tenants: readonly Tenant[]) {
  return [
    ...tagsOf(tenants).map((tag) => ({
      name: `${tagPrefix}${tag}`,
      displayName: termText(`${tagPrefix}${tag}`),
    })),
    ...byName(tenants).map(({ tenantId, displayName }) => ({ name: tenantId, displayName })),
  ];
}

/**
 * What the address of the form names; undefined: nothing, or a tenant that the session does not see.
 * @param tenants all that it sees; with only one there is nothing to choose
 */
export function chosenIn(
  state: Pick<FormState, 'tenant' | 'several'>,
  tenants: readonly Tenant[],
): Chosen | undefined {
  const [only, ...others] = tenants;
  if (only !== undefined && others.length === 0) return { tenantId: only.tenantId };
  if (state.tenant === several) return { tenants: state.several };
  if (state.tenant === all || state.tenant.startsWith(tagPrefix)) return { tenants: [state.tenant] };
  return tenants.some(({ tenantId }) => tenantId === state.tenant) ? { tenantId: state.tenant } : undefined;
}

/** Those that a set has now. */
export function tenantsIn<One extends Tenant>(
  terms: readonly string[],
  tenants: readonly One[],
): readonly One[] {
  const wanted = new Set(terms.map((term) => term.toLowerCase()));
  return tenants.filter(({ tenantId, domain = tenantId, tags }) =>
    [all, tenantId, domain, ...tags.map((tag) => `${tagPrefix}${tag}`)].some((term) =>
      wanted.has(term.toLowerCase()),
    ),
  );
}

/** A set in words. @param set as the API writes it: terms with commas between */
export function setText(
  set: string,
  tenants: readonly Pick<Tenant, 'tenantId' | 'displayName'>[] = [],
): string {
  return set
    .split(',')
    .map((term) => termText(term.trim(), tenants))
    .join(', ');
}

function termText(term: string, tenants: readonly Pick<Tenant, 'tenantId' | 'displayName'>[] = []): string {
  if (term === all) return 'All tenants';
  if (term.startsWith(tagPrefix)) return `With the tag ${term.slice(tagPrefix.length)}`;
  return tenants.find(({ tenantId }) => tenantId === term)?.displayName ?? term;
}

function tagsOf(tenants: readonly Tenant[]): readonly string[] {
  return [...new Set(tenants.flatMap(({ tags }) => tags))].sort();
}

function byName<One extends Tenant>(tenants: readonly One[]): readonly One[] {
  return tenants.toSorted((a, b) => a.displayName.localeCompare(b.displayName));
}
