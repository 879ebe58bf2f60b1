import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { announce } from './announcer.tsx';

interface PageProps {
  readonly title: string;
  /** From the top of its area down to the page above this one. */
  readonly above?: readonly { readonly href: string; readonly text: string }[];
  readonly about?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The first page is where its user already is; every later one is moved to. */
let isFirst = true;

/** What every page begins with. Moving to a page puts the focus on its heading, and its title in the window. */
export function Page({ title, above = [], about, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, []);
  useEffect(() => {
    document.title = `${title} - Auditkeep`;
    announce(title);
  }, [title]);
  return (
    <>
      {above.length > 0 && (
        <nav class="trail" aria-label="Breadcrumb">
          <ol>
            {above.map(({ href, text }) => (
              <li key={href}>
                <a href={href}>
                  <bdi>{text}</bdi>
                </a>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <header class="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            <bdi>{title}</bdi>
          </h1>
          {about !== undefined && <div class="about">{about}</div>}
        </div>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}
