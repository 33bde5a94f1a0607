import type { Command, Event } from '@carpenter/protocol';
import type { Ending } from '../endings.ts';
import type { Via } from '../types/connection.ts';

/** A way to the server that carries commands there and events back, WebSocket or not. */
export interface Link {
  readonly via: Via;
  send(command: Command): void;
  /** Takes another access token into use before the present one ends. */
  renew(token: string): void;
  /** Ends it; the listener hears nothing any more. */
  close(): void;
}

export interface LinkListener {
  event(event: Event): void;
  /** Something came by the way on which events come: it is alive. */
  heard(): void;
  /** Once, at the end. Not after `close`. */
  ended(ending: Ending): void;
}

/** @param base address of the server without a slash at its end */
export type OpenLink = (base: string, token: string, listener: LinkListener) => Link;

/**
 * Reads what the server sent. It is checked lightly on purpose. It comes from our own server, whose tests hold it to the schemas; and
 * those would refuse the additions of a newer one, a kind of system message say, together with the page of changes it stands in.
 * Types that this client does not know find no handler later on.
 */
export function readEvent(text: string): Event | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isEvent = (value: unknown): value is Event =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
