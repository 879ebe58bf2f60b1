import { Icon } from '../parts/icon.tsx';
import { visibleText } from '../../shared/visible-text.ts';
import { bounded } from '../parts/bounded.ts';

/** A search for everything that has a value; nothing where there is no such search. */
export function PivotLink({ href, value }: { readonly href: string | undefined; readonly value: string }) {
  if (href === undefined) return undefined;
  return (
    <a
      class="pivot"
      href={href}
      aria-label={`Find all records with ${visibleText(bounded(value, 60))}`}
      title="Find all with this"
    >
      <Icon name="search" />
    </a>
  );
}
