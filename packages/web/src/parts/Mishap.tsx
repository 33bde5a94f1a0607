import { Component, type ReactNode } from 'react';
import { words } from '../words/words.ts';
import { Button } from './Button.tsx';
import styles from './Mishap.module.css';

/** The last net: a mistake of ours ends in words and a way out instead of an empty page. */
export class Mishap extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError() {
    return { broken: true };
  }
  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <main className={styles.mishap} role="alert">
        <p>{words.app.broken}</p>
        <Button look="main" onClick={() => location.reload()}>
          {words.app.reload}
        </Button>
      </main>
    );
  }
}
