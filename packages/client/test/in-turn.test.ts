import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { createInTurn } from '../src/in-turn.ts';

test('of one thing one request is under way, in the order asked, also behind one that failed; others wait for none', async () => {
  const asked = fc.array(fc.record({ key: fc.constantFrom('a', 'b'), fails: fc.boolean() }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), asked, async (s, wishes) => {
      const inTurn = createInTurn();
      const ended: Record<string, number[]> = { a: [], b: [] };
      const underWay = new Set<string>();
      const all = wishes.map(({ key, fails }, i) =>
        inTurn(key, async () => {
          assert.ok(!underWay.has(key));
          underWay.add(key);
          await s.schedule(Promise.resolve());
          underWay.delete(key);
          ended[key]?.push(i);
          if (fails) throw new Error(`no. ${i}`);
          return i;
        }),
      );
      const settled = Promise.allSettled(all);
      assert.equal(s.count(), new Set(wishes.map(({ key }) => key)).size); // the first of each goes out at once
      await s.waitFor(settled);
      for (const [i, outcome] of (await settled).entries())
        assert.equal(
          outcome.status === 'fulfilled' ? outcome.value : outcome.reason.message,
          wishes[i]?.fails ? `no. ${i}` : i,
        );
      for (const [key, order] of Object.entries(ended))
        assert.deepEqual(
          order,
          wishes.flatMap((wish, i) => (wish.key === key ? [i] : [])),
        );
    }),
  );
});
