import type { Id } from '@carpenter/protocol';
import type { Person } from './clients/person.ts';
import type { Wire } from './clients/wire.ts';
import type { Membership } from './membership.ts';
import type { Random } from './world/random.ts';

/** A conversation, and who of the run belongs there. */
export interface Place {
  readonly id: Id;
  readonly people: readonly Person[];
}

/** What people do where much is said, and where little is. */
export interface Acts {
  /** Somebody writes, and perhaps somebody does something beside it. */
  talk(place: Place): void;
  /** One thing alone: whoever misses it has no later one to see it by. */
  whisper(place: Place): void;
}

/** Whoever has so many on the way writes no more for the moment. */
const unsentMax = 40;
const emojis = ['👍', '❤️', '😂', '🎉'];

/** @param strangers  they are in none of the conversations, and try to be */
export function createActs(
  chance: Random,
  membership: Membership,
  insiders: readonly Wire[],
  strangers: readonly Wire[],
): Acts {
  let said = 0;
  const text = ({ p }: Person) => `${p} says ${++said}`; // which nobody but its readers may find anywhere
  const whoIsIn = ({ id, people }: Place) =>
    people.filter(person => person.isIn(id) && membership.isIn(id, person.user));

  function send({ id }: Place, person: Person): void {
    if (person.unsent() < unsentMax) person.send(id, text(person));
  }
  function change({ id }: Place, person: Person): void {
    const luck = chance.next();
    if (luck < 0.45) person.edit(id, `${text(person)} changed`);
    else if (luck < 0.55) person.erase(id);
    else person.react(id, chance.pick(emojis));
  }
  /** A stranger, or somebody who was in it and is not any more. */
  function knock({ id }: Place): void {
    const outside = insiders.filter(({ user }) => !membership.mayBeIn(id, user));
    const from = chance.next() < 0.5 ? strangers : outside;
    if (from.length > 0) chance.pick(from).probe(id);
  }

  return {
    talk(place) {
      const here = whoIsIn(place);
      if (here.length === 0) return;
      send(place, chance.pick(here));
      const other = chance.pick(here);
      const luck = chance.next();
      if (luck < 0.22) change(place, other);
      else if (luck < 0.5) other.read(place.id);
      else if (luck < 0.6) other.type(place.id);
      else if (luck < 0.7) knock(place);
    },
    whisper(place) {
      const here = whoIsIn(place);
      if (here.length === 0) return;
      if (chance.next() < 0.7) send(place, chance.pick(here));
      else change(place, chance.pick(here));
    },
  };
}
