import { setTimeout } from 'node:timers/promises';
import { createAsker } from './ask.ts';
import type { Input } from './inputs.ts';
import { openTalk, type Said, strikesMax, type Talk } from './talk.ts';

/** Throws inputs at one server and judges what comes back. */
export interface Thrower<I extends Input> {
  /** All of them, in no order. @returns what is wrong, and with which of them */
  throw(inputs: readonly I[]): Promise<Finding<I>[]>;
  close(): void;
}
export interface Finding<I extends Input> {
  readonly words: string;
  readonly inputs: readonly I[];
}

/** @param token  of whoever speaks over the WebSocket */
export function createThrower<I extends Input>(port: number, token: string): Thrower<I> {
  const asker = createAsker(port);
  let talk: Talk | undefined;

  async function throwAll(inputs: readonly I[]): Promise<Finding<I>[]> {
    const found: Finding<I>[] = [];
    const spoken: (Said & { readonly input: I })[] = [];
    const alone: Promise<void>[] = [];
    const calm: I[] = [];
    for (const input of inputs) {
      if (input.door === 'http') {
        if (input.calm) calm.push(input);
        else alone.push(ask(input));
        continue;
      }
      const said = { bytes: input.bytes, expected: input.expected, input };
      if (input.stranger) alone.push(say([said], undefined));
      else spoken.push(said);
    }

    async function ask(input: I): Promise<void> {
      const words = await asker.ask(input.bytes, input.door === 'http' && input.calm);
      if (words !== undefined) found.push({ words, inputs: [input] });
    }

    async function say(said: readonly (Said & { readonly input: I })[], to: Talk | undefined): Promise<void> {
      const over = to ?? (await openTalk(port));
      const fault = await over.say(said);
      if (!to) over.close();
      const wait = over.sentAway();
      if (wait !== undefined) return void (await setTimeout(wait).then(() => say(said, to)));
      if (!fault) return;
      const meant = said.filter(one => fault.of === undefined || fault.of === one);
      found.push({ words: fault.words, inputs: meant.map(({ input }) => input) });
    }

    /** Those that a connection outlives in one breath; whatever may end it, alone. */
    async function sayAll(): Promise<void> {
      for (const said of inBreaths(spoken, () => talk?.strikes() ?? 0)) {
        talk ??= await openTalk(port, token);
        await say(said, talk);
        if (talk.ended()) talk = undefined;
      }
    }
    async function askAll(): Promise<void> {
      for (const input of calm) await ask(input);
    }

    await Promise.all([sayAll(), askAll(), ...alone]);
    return found;
  }

  return {
    throw: throwAll,
    close() {
      talk?.close();
      asker.close();
    },
  };
}

function* inBreaths<S extends Said>(spoken: readonly S[], strikesBefore: () => number): Generator<S[]> {
  let breath: S[] = [];
  let strikes = strikesBefore();
  for (const one of spoken.filter(({ expected }) => expected.ends.length === 0)) {
    const more = one.expected.calls.filter(({ name }) => name === 'refused').length;
    if (strikes + more > strikesMax) {
      if (breath.length > 0) yield breath;
      yield [one];
      breath = [];
      strikes = strikesBefore();
      continue;
    }
    strikes += more;
    breath.push(one);
  }
  if (breath.length > 0) yield breath;
  for (const one of spoken) if (one.expected.ends.length > 0) yield [one];
}
