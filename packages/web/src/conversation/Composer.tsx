import type { Beside, ConversationHandle, Timeline } from '@carpenter/client';
import { codePoints, defaultLimits, type Seq, textFault } from '@carpenter/protocol';
import { ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type Ref, useEffect, useId, useImperativeHandle, useRef, useState } from 'react';
import { AskAll } from '../composer/AskAll.tsx';
import { EmojiButton } from '../composer/EmojiButton.tsx';
import { FormatBar } from '../composer/FormatBar.tsx';
import { Inked } from '../composer/Inked.tsx';
import { PollButton } from '../composer/PollButton.tsx';
import { PreviewLine } from '../composer/PreviewLine.tsx';
import { ReplyLine } from '../composer/ReplyLine.tsx';
import { optionId, SuggestionList } from '../composer/SuggestionList.tsx';
import { sends } from '../composer/sends.ts';
import { formatOf, toggleFormat } from '../composer/typing.ts';
import { useCommands } from '../composer/useCommands.ts';
import { useDraftFromElsewhere } from '../composer/useDraftFromElsewhere.ts';
import { useSending } from '../composer/useSending.ts';
import { useSuggestions } from '../composer/useSuggestions.ts';
import { useClient, useMe, useObservable } from '../hooks/client.ts';
import { draftsOf } from '../hooks/drafts.ts';
import { usePreferences } from '../hooks/preferences.ts';
import { touch } from '../hooks/surroundings.ts';
import { useGrowing } from '../hooks/useGrowing.ts';
import { SendLater } from '../later/SendLater.tsx';
import { AddFiles } from '../media/AddFiles.tsx';
import { ComposerFiles } from '../media/ComposerFiles.tsx';
import { RecordButton } from '../media/RecordButton.tsx';
import { RecordingBar } from '../media/RecordingBar.tsx';
import { useComposerFiles } from '../media/useComposerFiles.ts';
import { useRecorder } from '../media/useRecorder.ts';
import { cx } from '../parts/cx.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { LeaveRoom } from '../sidebar/LeaveRoom.tsx';
import { words } from '../words/words.ts';
import styles from './Composer.module.css';
import { TypingLine } from './TypingLine.tsx';

export interface ComposerControls {
  /** Puts a text before what stands there. */
  readonly write: (text: string) => void;
  readonly focus: () => void;
  readonly addFiles: (files: Iterable<File>) => void;
  /** What is written next answers this message. */
  readonly reply: (seq: Seq) => void;
}

interface Props {
  handle: ConversationHandle;
  timeline: Timeline;
  /** Who is proposed behind `@`. */
  people: Timeline;
  title: string;
  wide: boolean;
  /** What each message from here carries. */
  beside?: Beside | undefined;
  onSent: () => void;
  /** Arrow up in an empty field. */
  onEditLast: () => void;
  ref: Ref<ComposerControls>;
}

const countFrom = 200;
/** What does not fit beside the buttons of a phone. */
const longFrom = 18;

/** Where one writes. What stands here is never lost: it is kept per conversation until it is in the outbox. */
export function Composer({ handle, timeline, people, title, wide, beside, onSent, onEditLast, ref }: Props) {
  const client = useClient();
  const drafts = draftsOf(useMe().id);
  const [text, setText] = useState(() => drafts.get(handle.id).text);
  const [replyTo, setReplyTo] = useState(() => drafts.get(handle.id).replyTo);
  const [preview, setPreview] = useState(true);
  const [fault, setFault] = useState<string>();
  const saved = useObservable(drafts.all).get(handle.id)?.text === text;
  const kept = useObservable(client.storage) === 'kept';
  const maxChars = (useObservable(client.server)?.limits ?? defaultLimits).textMaxChars;
  const box = useRef<HTMLTextAreaElement>(null);
  const suggestions = useSuggestions(box, text, people);
  const commands = useCommands(handle, timeline);
  const list = useId();
  const id = timeline.conversation?.type === 'thread' ? 'thread-composer' : 'composer';
  useGrowing(box, text);
  useDraftFromElsewhere(drafts, handle.id, draft => {
    setText(draft.text);
    setReplyTo(draft.replyTo);
  });
  const { sendKey } = usePreferences();
  const files = useComposerFiles(handle.id);
  const recorder = useRecorder(({ file, ...rest }) => {
    const id = client.upload(handle.id, file, { said: { voice: true, ...rest } });
    handle.send('', { uploads: [id] });
    onSent();
  });

  const change = (next: string) => {
    setText(next);
    setFault(undefined);
    drafts.set(handle.id, { ...drafts.get(handle.id), text: next });
    handle.setTyping(next.trim() !== '');
  };
  const answer = (seq: Seq | undefined) => {
    setReplyTo(seq);
    const { replyTo: _, ...draft } = drafts.get(handle.id);
    drafts.set(handle.id, { ...draft, ...(seq !== undefined && { replyTo: seq }) });
    box.current?.focus();
  };
  useImperativeHandle(ref, () => ({
    reply: answer,
    write: before => {
      change(text === '' ? before : `${before}\n${text}`);
      box.current?.focus();
    },
    focus: () => box.current?.focus(),
    addFiles: given => {
      files.add(given);
      box.current?.focus();
    },
  }));
  useEffect(() => {
    if (!touch()) box.current?.focus({ preventScroll: true });
    return () => handle.setTyping(false);
  }, [handle]);

  const left = text.length < maxChars / 2 ? maxChars : maxChars - codePoints(text);
  const textless = text.trim() === '' && files.uploads.length > 0;
  const failed = files.uploads.length > 0 && !files.sendable;
  const sendable = !failed && (textless || textFault(text, maxChars) === undefined);
  const idle = text === '' && files.uploads.length === 0;
  const others = (people.conversation?.memberCount ?? 1) - 1;
  const uploads = files.uploads.map(({ id }) => id);
  const sending = useSending({
    handle,
    commands,
    text: textless ? '' : text,
    carried: {
      ...beside,
      ...(uploads.length > 0 && { uploads }),
      ...(replyTo !== undefined && { replyTo }),
      ...(!preview && { preview }),
    },
    others,
    onSent: when => {
      change('');
      setPreview(true);
      if (replyTo !== undefined || when === 'later') answer(undefined);
      drafts.flush();
      if (when === 'now') onSent();
    },
    onDone: done => {
      if (drafts.get(handle.id).text !== done) return;
      change('');
      drafts.flush();
    },
    onFault: setFault,
  });
  const send = () => {
    if (!failed && (text.trim() !== '' || textless)) sending.send();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (suggestions.onKeyDown(event)) return;
    const format = formatOf(event);
    if (format) {
      event.preventDefault();
      toggleFormat(event.currentTarget, format);
      return;
    }
    const { selectionStart, selectionEnd } = event.currentTarget;
    if (event.key === 'Escape' && selectionStart < selectionEnd) {
      event.preventDefault();
      event.currentTarget.setSelectionRange(selectionEnd, selectionEnd);
    } else if (event.key === 'Escape' && replyTo !== undefined) {
      event.preventDefault();
      answer(undefined);
    }
    if (event.key === 'ArrowUp' && text === '' && !event.altKey) {
      event.preventDefault();
      onEditLast();
    }
    if (!sends(event, sendKey, touch())) return;
    event.preventDefault();
    send();
  };
  const hint = kept ? saved && text !== '' && words.composer.draftSaved : words.composer.notKept;
  return (
    <div className={cx(styles.composer, !wide && styles.narrow)}>
      {replyTo !== undefined && <ReplyLine handle={handle} seq={replyTo} onEnd={() => answer(undefined)} />}
      <ComposerFiles uploads={files.uploads} />
      <PreviewLine text={text} wanted={preview} onWant={setPreview} />
      <div
        className={cx(
          styles.box,
          recorder.since !== undefined && styles.recording,
          idle && styles.idle,
          (text.length > longFrom || text.includes('\n')) && styles.long,
        )}
      >
        {recorder.since !== undefined && <RecordingBar recorder={recorder} since={recorder.since} />}
        <AddFiles files={files} />
        <SuggestionList id={list} suggestions={suggestions} />
        <FormatBar field={box} />
        <Inked field={box} text={text}>
          <textarea
            ref={box}
            id={id}
            rows={1}
            dir="auto"
            value={text}
            aria-label={words.composer[timeline.conversation?.type === 'thread' ? 'threadLabel' : 'label'](title)}
            aria-describedby={`${id}-note`}
            aria-autocomplete="list"
            aria-controls={suggestions.options.length > 0 ? list : undefined}
            aria-activedescendant={suggestions.options.length > 0 ? optionId(list, suggestions.at) : undefined}
            placeholder={words.composer[timeline.conversation?.type === 'thread' ? 'threadPlaceholder' : 'placeholder'](
              title,
            )}
            onChange={event => {
              change(event.target.value);
              suggestions.look();
            }}
            onSelect={suggestions.look}
            onBlur={() => handle.setTyping(false)}
            onPaste={files.paste}
            onKeyDown={onKeyDown}
          />
        </Inked>
        <PollButton handle={handle} onSent={onSent} />
        <EmojiButton field={box} />
        {sendable && <SendLater onSend={sending.sendLater} />}
        {idle && <RecordButton recorder={recorder} />}
        <IconButton
          icon={ArrowUp}
          label={words.composer.send}
          keys={sendKey === 'enter' ? 'Enter' : 'Control+Enter'}
          className={cx(styles.send, sendable && styles.ready)}
          aria-disabled={!sendable}
          onClick={() => sendable && send()}
        />
      </div>
      <div
        className={styles.under}
        data-needed={left <= countFrom || (fault ?? files.fault ?? recorder.fault) !== undefined || !kept || undefined}
      >
        <TypingLine typing={timeline.typing} />
        <p
          id={`${id}-note`}
          className={cx((left < 0 || fault || files.fault || recorder.fault) && styles.over)}
          aria-live="polite"
        >
          {fault ??
            files.fault ??
            recorder.fault ??
            (left < 0 ? words.composer.over(-left) : left <= countFrom ? words.composer.left(left) : hint)}
        </p>
      </div>
      {commands.leaving && <LeaveRoom id={handle.id} title={title} onClose={commands.stay} />}
      {sending.asking && <AskAll people={others} onAnswer={sending.answer} />}
    </div>
  );
}
