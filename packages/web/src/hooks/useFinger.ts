import type { LucideIcon } from 'lucide-react';
import { type MouseEvent, type PointerEvent, type TouchEvent, useEffect, useRef, useState } from 'react';

/** What a row does when it is pulled to one side, and let go far enough. */
export interface Pull {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly act: (row: HTMLElement) => void;
}
/** A side without one cannot be pulled to. */
export interface Pulls {
  readonly toEnd?: Pull | undefined;
  readonly toStart?: Pull | undefined;
}
/** As long as the finger pulls. */
export interface Pulled extends Pull {
  readonly to: 'start' | 'end';
  /** Let go now, it acts. */
  readonly far: boolean;
}

interface Finger {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly hold: ReturnType<typeof setTimeout>;
  /** Asked for when it begins to pull. */
  pull?: (Pull & { readonly to: 'start' | 'end' }) | undefined;
  /** As of its last move, which may not be drawn yet. */
  far: boolean;
  /** It scrolls, or does something else. */
  over: boolean;
}

const holdMs = 400;
/** Nearer than this it may be a finger that does not stand quite still. */
const stillPx = 8;
const farPx = 56;
const mostPx = 88;
/** Systems go back and forth when one pulls from the edge of the screen. */
const edgePx = 20;

/**
 * What a finger does at a row: held, and pulled sideways. Whatever goes up or down belongs to scrolling. While it is pulled, the row has
 * `--pull` (px, to be moved by) and `--near` (0 to 1, how near it is to acting). The row needs `touch-action: pan-y pinch-zoom`.
 */
export function useFinger<E extends HTMLElement>({ hold, pulls }: { hold: (row: E) => void; pulls: () => Pulls }) {
  const [pulled, setPulled] = useState<Pulled>();
  const finger = useRef<Finger>(undefined);
  /** What the finger did was no press. */
  const swallow = useRef(false);
  useEffect(() => () => clearTimeout(finger.current?.hold), []);

  const letGo = (row: E) => {
    clearTimeout(finger.current?.hold);
    finger.current = undefined;
    row.style.removeProperty('--pull');
    row.style.removeProperty('--near');
    setPulled(undefined);
  };

  const handlers = {
    onPointerDown(event: PointerEvent<E>) {
      swallow.current = false;
      if (event.pointerType !== 'touch') return;
      const row = event.currentTarget;
      if (!event.isPrimary) return letGo(row); // two fingers zoom
      const { clientX: x, clientY: y, pointerId: id } = event;
      const hand: Finger = {
        id,
        x,
        y,
        hold: setTimeout(held, holdMs),
        far: false,
        over: movesByItself(event.target, row),
      };
      function held() {
        hand.over = true;
        swallow.current = true;
        hold(row);
      }
      finger.current = hand;
    },
    onPointerMove(event: PointerEvent<E>) {
      const hand = finger.current;
      if (hand?.id !== event.pointerId) return;
      const row = event.currentTarget;
      const [dx, dy] = [event.clientX - hand.x, event.clientY - hand.y];
      if (Math.max(Math.abs(dx), Math.abs(dy)) > stillPx) clearTimeout(hand.hold);
      if (hand.over) return;
      if (!hand.pull) {
        if (Math.max(Math.abs(dx), Math.abs(dy)) <= stillPx) return;
        hand.pull = Math.abs(dx) > Math.abs(dy) && !fromEdge(hand.x) ? pullOf(pulls(), row, dx) : undefined;
        hand.over = hand.pull === undefined;
        if (hand.over) return;
        swallow.current = true;
      }
      const { pull } = hand;
      if (!pull) return;
      if (Math.abs(dy) > Math.abs(dx) && Math.abs(dy) > farPx) return letGo(row);
      const sign = towards(row, dx) === pull.to ? Math.sign(dx) : 0; // back over where it began
      const by = Math.min(mostPx, Math.abs(dx));
      const far = sign !== 0 && by >= farPx;
      hand.far = far;
      row.style.setProperty('--pull', `${sign * by}px`);
      row.style.setProperty('--near', String(sign === 0 ? 0 : Math.min(1, by / farPx)));
      setPulled(before => (before?.far === far && before.to === pull.to ? before : { ...pull, far }));
    },
    onPointerUp(event: PointerEvent<E>) {
      const hand = finger.current;
      if (hand?.id !== event.pointerId) return;
      const row = event.currentTarget;
      letGo(row);
      if (hand.far) hand.pull?.act(row);
    },
    onPointerCancel(event: PointerEvent<E>) {
      if (finger.current?.id === event.pointerId) letGo(event.currentTarget);
    },
    /** Else the finger that goes up would press what has come below it: the ground behind a menu, which closes it. */
    onTouchEnd(event: TouchEvent<E>) {
      if (swallow.current && event.cancelable) event.preventDefault();
    },
    onContextMenu(event: MouseEvent<E>) {
      if ('pointerType' in event.nativeEvent && event.nativeEvent.pointerType === 'touch') event.preventDefault();
    },
  };
  return { pulled, handlers };
}

const towards = (row: HTMLElement, dx: number): 'start' | 'end' =>
  dx > 0 === (getComputedStyle(row).direction === 'ltr') ? 'end' : 'start';

function pullOf({ toEnd, toStart }: Pulls, row: HTMLElement, dx: number): Finger['pull'] {
  const to = towards(row, dx);
  const pull = to === 'end' ? toEnd : toStart;
  return pull && { ...pull, to };
}

const fromEdge = (x: number): boolean => x < edgePx || x > innerWidth - edgePx;

/** Sliders, fields, and what can be scrolled sideways: code and tables. */
function movesByItself(target: EventTarget, row: HTMLElement): boolean {
  for (let at = target instanceof Element ? target : null; at && at !== row; at = at.parentElement) {
    if (at.matches('input, textarea, [role="slider"]')) return true;
    if (at.scrollWidth > at.clientWidth && /auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
  }
  return false;
}
