import styles from './Joint.module.css';

const height = 424;
const pins = [34, 166, 298];
/** The end of the left board: tails that grip the right one. */
const tails = `M0 0H300V34${pins.map((y, i) => `l72 -12v116l-72 -12${i < 2 ? `V${y + 132}` : ''}`).join('')}V${height}H0Z`;

/** Wood grain: lines that swing a little, each in its own way. */
const grain = (from: number, to: number, swing: (row: number) => number) =>
  Array.from({ length: 24 }, (_, row) => {
    const y = 8 + row * 18;
    const s = swing(row);
    const third = (to - from) / 3;
    return `M${from} ${y}C${from + third} ${y + s} ${to - third} ${y - s} ${to} ${y + s / 2}`;
  }).join('');
const knot = (x: number, y: number) =>
  [
    [3.5, 2],
    [9, 5],
    [19, 10],
  ].map(([rx, ry]) => <ellipse key={rx} cx={x} cy={y} rx={rx} ry={ry} />);

/** In units of 4: what the ruler under the joint shows. */
const ruler = Array.from({ length: 301 }, (_, i) => `M${i * 8} 478v-${i % 10 === 0 ? 18 : i % 5 === 0 ? 12 : 6}`).join(
  '',
);
const marks = Array.from({ length: 31 }, (_, i) => i * 20);

/** Decoration beside the form: a through dovetail, measured. Long enough for any screen, cut off at its edge. */
export function Joint() {
  return (
    <svg className={styles.joint} viewBox="-110 -66 2510 580" aria-hidden="true">
      <clipPath id="tails">
        <path d={tails} />
      </clipPath>
      <path className={styles.walnut} d={`M300 0H2400V${height}H300Z`} />
      <g className={styles.walnutGrain}>
        <path d={grain(300, 1500, row => 7 * Math.sin(row * 1.7 + 1))} />
        <path d={grain(1500, 2400, row => 9 * Math.sin(row * 1.1))} />
        {knot(610, 128)}
        {knot(1720, 310)}
      </g>
      <path className={styles.oak} d={tails} />
      <g className={styles.oakGrain} clipPath="url(#tails)">
        <path d={grain(0, 372, row => 6 * Math.sin(row * 0.9))} />
        {knot(112, 300)}
      </g>
      <path className={styles.edge} d={`M300 0H2400M2400 ${height}H300${tails}`} />
      <path
        className={styles.measure}
        d={`M300 -12v-24M372 -12v-24M300 -24h72M-12 0h-24M-12 ${height}h-24M-24 0v${height}`}
      />
      <g className={styles.figure}>
        <text x="336" y="-36">
          {72 / 4}
        </text>
        <text transform="translate(-36 212) rotate(-90)">{height / 4}</text>
      </g>
      <path className={styles.ruler} d={`${ruler}M0 478h2400`} />
      <g className={styles.mark}>
        {marks.map(mark => (
          <text key={mark} x={mark * 4} y="498">
            {mark}
          </text>
        ))}
      </g>
    </svg>
  );
}
