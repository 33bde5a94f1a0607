import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emoji } from '@carpenter/protocol';
import list from 'emojibase-data/en/compact.json' with { type: 'json' };
import codes from 'emojibase-data/en/shortcodes/iamcal.json' with { type: 'json' };
import { askedAt, begins, callsAll, closedEmoji } from '../src/composer/asked.ts';
import { catalogueOf, findEmoji, toned } from '../src/emoji/catalogue.ts';

const asked = (text: string) => {
  const caret = text.indexOf('‸');
  const found = askedAt(text.replace('‸', ''), caret);
  return found && `${found.kind} ${found.query} ${found.from}`;
};

test('names are proposed behind @, #, : and a first /, not within words, times, smileys or code', () => {
  assert.equal(asked('hi @an‸'), 'person an 3');
  assert.equal(asked('@‸'), 'person  0');
  assert.equal(asked('(@an‸ more'), 'person an 1');
  assert.equal(asked('see #kü‸'), 'channel kü 4');
  assert.equal(asked(':sm‸'), 'emoji sm 0');
  assert.equal(asked('/to‸'), 'command to 0');
  assert.equal(asked('/invite @an‸'), 'stranger an 8');
  assert.equal(asked('/join #to‸'), 'public to 6');
  for (const no of [
    'ana@ex‸',
    'a:b‸',
    '10:30‸',
    ':‸',
    ':)‸',
    'http://a‸',
    '`@an‸',
    '```\n@an‸',
    '@ana b‸',
    ' /to‸',
    '/to x‸',
  ])
    assert.equal(asked(no), undefined, no);
});

test("an emoji's name is closed by its second colon", () => {
  assert.deepEqual(closedEmoji('so :+1:', 7), { code: '+1', from: 3 });
  for (const no of [':+1', 'a:+1:', '`:+1:', '::']) assert.equal(closedEmoji(no, no.length), undefined, no);
});

test('a name is found by the beginning of each of its words, without accents and capitals', () => {
  for (const query of ['', 'm', 'hol', 'ÅSE', 'mar']) assert.ok(begins('Mårit-Åse Holm', query), query);
  assert.ok(!begins('Marit Holm', 'olm'));
});

test('whoever calls everybody is known by the text, not by code in it', () => {
  for (const yes of ['@here', 'hello @all!', '> **@All**', '- @here']) assert.ok(callsAll(yes), yes);
  for (const no of ['here', '`@here`', 'a@here.example', '```\n@all\n```', '@allan']) assert.ok(!callsAll(no), no);
});

test('every emoji of the picker may be used as a reaction, in each tone of skin', () => {
  const catalogue = catalogueOf(list, codes);
  assert.ok(catalogue.all.length > 1_800);
  for (const each of catalogue.all)
    for (const sign of [each.sign, ...each.tones]) assert.ok(emoji.safeParse(sign).success, `${each.name} ${sign}`);
  const found = (query: string) => findEmoji(catalogue, query, 3).map(each => each.sign);
  assert.equal(found('thumbsup')[0], '👍');
  assert.equal(found('+1')[0], '👍');
  assert.equal(found(':tada:')[0], '🎉');
  assert.ok(found('wood').includes('🪵'));
  assert.deepEqual(found('no such thing'), []);
  const hand = catalogue.byCode.get('wave');
  assert.deepEqual(hand && [toned(hand, 0), toned(hand, 3)], ['👋', '👋🏽']);
});
