import { type Beside, ClientError, type ConversationHandle } from '@carpenter/client';
import { useRef, useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { serverNow } from '../hooks/clock.ts';
import { showToast } from '../parts/toasts.ts';
import { reason } from '../words/failures.ts';
import { comingTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import { callsAll } from './asked.ts';
import type { Command } from './commands.ts';
import type { Commands } from './useCommands.ts';

interface Needs {
  handle: ConversationHandle;
  commands: Commands;
  /** What stands in the field; empty where only files are sent. */
  text: string;
  carried: Beside;
  /** How many others hear of what calls all of them. */
  others: number;
  /** It went out as a message. */
  onSent: (when: 'now' | 'later') => void;
  /** It was a command, and is done. */
  onDone: (text: string) => void;
  onFault: (why: string) => void;
}
export interface Sending {
  readonly send: () => void;
  /** @returns why it was refused */
  readonly sendLater: (at: Date) => Promise<string | undefined>;
  /** It calls many people: nothing goes out before `answer`. */
  readonly asking: boolean;
  readonly answer: (yes: boolean) => void;
}

/** Above so many others, calling all of them is asked about first. */
const askAbove = 20;

/** What becomes of a text that is sent: a message, now or later, or something that is done at once. */
export function useSending({ handle, commands, text, carried, others, onSent, onDone, onFault }: Needs): Sending {
  const client = useClient();
  const [asking, setAsking] = useState(false);
  const doing = useRef(false);

  const perform = async (command: Command) => {
    if (doing.current) return;
    doing.current = true;
    const why = await commands.run(command);
    doing.current = false;
    if (why === undefined) onDone(text);
    else onFault(why);
  };
  const send = (sure: boolean) => {
    const meant = commands.read(text);
    if (meant.kind === 'refused') return onFault(meant.why);
    if (meant.kind === 'command') return void perform(meant.command);
    if (!sure && others > askAbove && callsAll(meant.text)) return setAsking(true);
    try {
      handle.send(meant.text, carried);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      return onFault(words.message.failed(reason(error)));
    }
    onSent('now');
  };
  return {
    send: () => send(false),
    async sendLater(at) {
      const meant = commands.read(text);
      let why = meant.kind === 'refused' ? meant.why : meant.kind === 'command' ? words.commands.notLater : undefined;
      try {
        if (meant.kind === 'text') await client.personal.schedule(handle.id, meant.text, at, carried);
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        why = words.message.failed(reason(error));
      }
      if (why !== undefined) {
        onFault(why);
        return why;
      }
      onSent('later');
      showToast({ text: words.later.at(comingTime(at, serverNow())) });
      return undefined;
    },
    asking,
    answer(yes) {
      setAsking(false);
      if (yes) send(true);
    },
  };
}
