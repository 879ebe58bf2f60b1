import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { Section } from '../parts/section.tsx';
import { Empty } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { several, useSearches } from './queries.ts';
import { filtersText } from './subscription-texts.ts';

/** Saved searches, and what each one finds. */
export function SearchesTab({ owner }: { readonly owner: string }) {
  const searches = useSearches(owner);
  return (
    <Loaded query={searches} what="saved searches">
      {({ value }) =>
        value.length === 0 ? (
          <Empty icon="search" title="There are no saved searches">
            <p>A saved search can be the content of a webhook subscription.</p>
          </Empty>
        ) : (
          <Section title="Saved searches">
            <ul class="rows">
              {value.map(({ name, displayName, filters, tenants, createdBy, lastModifiedDateTime }) => (
                <li key={name}>
                  <div>
                    <strong>
                      <Text most={80}>{displayName ?? name}</Text>
                    </strong>
                    <p>
                      <Text>{filtersText(filters)}</Text>
                    </p>
                    {owner === several && (
                      <p class="fine">
                        Tenants: <Text>{tenants === '*' ? 'all' : (tenants ?? 'not known')}</Text>
                      </p>
                    )}
                  </div>
                  <div class="fine">
                    <p>
                      Saved <Moment at={lastModifiedDateTime} />
                    </p>
                    {createdBy !== undefined && (
                      <p>
                        First by <Text most={80}>{createdBy}</Text>
                      </p>
                    )}
                  </div>
                </li>
              ))}
            </ul>
          </Section>
        )
      }
    </Loaded>
  );
}
