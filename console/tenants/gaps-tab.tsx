import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { Empty } from '../parts/states.tsx';
import { Section } from '../parts/section.tsx';
import { Text } from '../parts/text.tsx';
import { useGaps } from './queries.ts';

/** What is permanently lost, and what to do about it. */
export function GapsTab({ tenantId }: { readonly tenantId: string }) {
  const gaps = useGaps(tenantId);
  return (
    <Loaded query={gaps} what="gaps">
      {(value) =>
        value.length === 0 ? (
          <Empty icon="check" title="Nothing is known to be lost">
            <p>A gap is recorded whenever content expired, or could not be read, before it was collected.</p>
          </Empty>
        ) : (
          <Section title={<>{value.length === 1 ? '1 gap' : `${value.length} gaps`}, newest first</>}>
            <ul class="rows">
              {value.map((gap) => (
                <li key={`${gap.contentType} ${gap.from} ${gap.contentId ?? ''}`}>
                  <div>
                    <strong>{gap.contentType}</strong>
                    <p>
                      <Text>{gap.message}</Text>
                    </p>
                    <p>{gap.cure}</p>
                  </div>
                  <div>
                    <p>
                      From <Moment at={gap.from} />
                    </p>
                    <p>
                      to <Moment at={gap.to} />
                    </p>
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
