// Loaded before a node: its clock can be set from outside, as an administrator or a broken time server would. Timers go on as they are.
const Real = Date;
let offsetMs = 0;

globalThis.Date = new Proxy(Real, {
  apply: () => new Real(Real.now() + offsetMs).toString(),
  construct: (target, given, as) =>
    Reflect.construct(
      target,
      given.length === 0 ? [Real.now() + offsetMs] : given,
      as === globalThis.Date ? target : as,
    ),
  get: (target, name) => (name === 'now' ? () => Real.now() + offsetMs : Reflect.get(target, name)),
});

process.on('message', message => {
  if (typeof message !== 'object' || message === null || !('clockOffsetMs' in message)) return;
  if (typeof message.clockOffsetMs !== 'number') return;
  offsetMs = message.clockOffsetMs;
  process.send?.({ clockOffsetMs: offsetMs });
});
// Whoever started it is gone, however it went.
process.on('disconnect', () => process.exit(1));
