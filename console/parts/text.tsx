import { useState } from 'preact/hooks';
import { visibleParts } from '../../shared/visible-text.ts';
import { bounded } from './bounded.ts';

interface TextProps {
  readonly children: string;
  /** Characters that are shown at first. */
  readonly most?: number;
}

/**
 * A text from a record, a tenant, or anyone else. It is always text, isolated from what is around it, with what could
 * mislead made visible; a long one can be expanded.
 */
export function Text({ children: whole, most = 300 }: TextProps) {
  const [isOpen, setOpen] = useState(false);
  const shown = isOpen ? whole : bounded(whole, most);
  return (
    <>
      <bdi class="foreign">
        {visibleParts(shown).map(({ text, isCode }) =>
          isCode ? <span class="code-point">{text}</span> : text,
        )}
      </bdi>
      {shown !== whole && (
        <button
          class="link"
          type="button"
          onClick={() => {
            setOpen(true);
          }}
        >
          Show all {whole.length} characters
        </button>
      )}
    </>
  );
}
