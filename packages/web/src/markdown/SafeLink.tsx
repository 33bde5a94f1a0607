import { type MouseEvent, type ReactNode, use } from 'react';
import { useLocation } from 'wouter';
import { hostToShow } from './links.ts';
import styles from './Markdown.module.css';
import { TabStopContext } from './names.ts';

interface Props {
  href: string;
  named: boolean;
  /** What is shown, as characters. */
  shown: string;
  children: ReactNode;
}

/** A link that says where it leads. An address of this page is opened in it. */
export function SafeLink({ href, named, shown, children }: Props) {
  const tabIndex = use(TabStopContext);
  const [, navigate] = useLocation();
  const url = new URL(href);
  const here = url.origin === location.origin && !url.pathname.startsWith('//'); // no place of this page begins so
  const host = here && !named ? undefined : hostToShow(href, shown, named);
  const open = (event: MouseEvent) => {
    if (!here || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    navigate(url.pathname + url.search, { state: { up: true } });
  };
  return (
    <>
      <a
        className={styles.link}
        href={href}
        title={href}
        tabIndex={tabIndex}
        target="_blank"
        rel="noopener noreferrer nofollow"
        onClick={open}
      >
        {children}
      </a>
      {host !== undefined && <small className={styles.host}> ({host})</small>}
    </>
  );
}
