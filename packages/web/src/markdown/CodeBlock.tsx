import type { RootContent } from 'hast';
import { Check, Copy } from 'lucide-react';
import { use, useEffect, useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { cx } from '../parts/cx.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { words } from '../words/words.ts';
import styles from './CodeBlock.module.css';
import { TabStopContext } from './names.ts';

const linesShown = 20;
/** Longer ones stay plain: colours are not worth a page that stands still. */
const colouredUpTo = 20_000;

/** Code as it was written; long ones folded, with a way to take them along. */
export function CodeBlock({ language, text }: { language: string; text: string }) {
  const tabIndex = use(TabStopContext);
  const pieces = useHighlight(language, text);
  const [all, setAll] = useState(false);
  const lines = text.split('\n').length;
  const folded = !all && lines > linesShown + 2;
  return (
    <div className={styles.block} data-named={language !== '' || undefined}>
      {language !== '' && <span className={styles.language}>{language}</span>}
      <CopyCode text={text} />
      <pre tabIndex={tabIndex} className={cx(folded && styles.folded)}>
        <code>{pieces ? pieces.map(piece) : text}</code>
      </pre>
      {folded && (
        <Button look="link" size="small" tabIndex={tabIndex} className={styles.more} onClick={() => setAll(true)}>
          {words.markdown.allLines(lines)}
        </Button>
      )}
    </div>
  );
}

function CopyCode({ text }: { text: string }) {
  const tabIndex = use(TabStopContext);
  const [copied, setCopied] = useState<boolean>();
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  const label =
    copied === undefined ? words.markdown.copyCode : copied ? words.markdown.codeCopied : words.message.copyFailed;
  return (
    <>
      <IconButton
        small
        tabIndex={tabIndex}
        className={styles.copy}
        icon={copied ? Check : Copy}
        label={label}
        onClick={copy}
        onBlur={() => setCopied(undefined)}
      />
      <span role="status" className={styles.said}>
        {copied !== undefined && label}
      </span>
    </>
  );
}

/** The colours come when they are there; the text does not wait for them, and its size is the same. */
function useHighlight(language: string, text: string): readonly RootContent[] | undefined {
  const [found, setFound] = useState<{ text: string; pieces: readonly RootContent[] | undefined }>();
  useEffect(() => {
    if (language === '' || text.length > colouredUpTo) return;
    let current = true;
    import('./highlight.ts').then(
      ({ highlight }) => current && setFound({ text, pieces: highlight(language, text) }),
      () => {}, // offline: plain
    );
    return () => {
      current = false;
    };
  }, [language, text]);
  return found?.text === text ? found.pieces : undefined;
}

function piece(node: RootContent, index: number): React.ReactNode {
  if (node.type === 'text') return node.value;
  if (node.type !== 'element') return null;
  const { className } = node.properties;
  return (
    <span key={index} className={Array.isArray(className) ? className.join(' ') : undefined}>
      {node.children.map(piece)}
    </span>
  );
}
