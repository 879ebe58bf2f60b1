import { Section } from '../parts/section.tsx';
import { Text } from '../parts/text.tsx';
import { Fact } from '../tenants/overview-tab.tsx';
import { isWebAddress, type Finding } from './finding-texts.ts';

/** The rule behind a finding. Licenses require that its author is shown with what it finds. */
export function RuleCredits({ rule }: { readonly rule: Finding['rule'] }) {
  const { id, title, author, license, references } = rule;
  return (
    <Section title="Rule">
      <dl class="facts">
        <Fact name="Title">
          <Text>{title}</Text>
        </Fact>
        <Fact name="ID">
          <Text>{id}</Text>
        </Fact>
        {author !== undefined && (
          <Fact name="Author">
            <Text>{author}</Text>
          </Fact>
        )}
        {license !== undefined && (
          <Fact name="License">
            <Text>{license}</Text>
          </Fact>
        )}
      </dl>
      {references.length > 0 && <References references={references} />}
    </Section>
  );
}

/** Texts of rules: what is not an address of the web is not a link. */
export function References({ references }: { readonly references: readonly string[] }) {
  return (
    <div>
      <h3>References</h3>
      <ul class="points">
        {references.map((reference) => (
          <li key={reference}>
            {isWebAddress(reference) ? (
              <a href={reference} rel="noopener noreferrer">
                <Text>{reference}</Text>
              </a>
            ) : (
              <Text>{reference}</Text>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
