import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

interface MenuProps {
  readonly label: string;
  /** @param close gives the focus back to its button */
  readonly children: (isOpen: boolean, close: () => void) => ComponentChildren;
}

/** A button that opens a few fields below it; Escape closes them. */
export function Menu({ label, children }: MenuProps) {
  const details = useRef<HTMLDetailsElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = () => {
    if (details.current === null) return;
    details.current.open = false;
    details.current.querySelector('summary')?.focus();
  };
  return (
    <details
      ref={details}
      class="menu"
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.stopPropagation();
        close();
      }}
    >
      <summary class="button">{label}</summary>
      <div class="menu-body">{children(isOpen, close)}</div>
    </details>
  );
}
