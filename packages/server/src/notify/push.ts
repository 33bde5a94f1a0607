import { ECDH } from 'node:crypto';
import webPush from 'web-push';
import { askOutside } from '../outside/ask-outside.ts';
import { NotReached } from '../outside/judge.ts';
import type { Subscription } from '../store/push.ts';
import type { Notify } from './notify.ts';

/** What a service worker is told, encrypted for it alone. Its words are its own. */
export type Pushed =
  | {
      readonly kind: 'message';
      readonly conversationId: string;
      readonly seq: number;
      /** Where a click leads. */
      readonly path: string;
      readonly sender: string;
      /** Of a group or channel. */
      readonly name?: string | undefined;
      /** Absent: the person wants it kept off their screens. */
      readonly text?: string | undefined;
      readonly trigger: string;
      /** Of a thread: an answer goes there. */
      readonly thread?: true | undefined;
    }
  /** It was read elsewhere: what stands on the screen goes. */
  | { readonly kind: 'read'; readonly conversationId: string }
  | { readonly kind: 'test' };

export type PushOutcome =
  /** With words: it kept us waiting. */
  | { readonly is: 'taken'; readonly words?: string }
  /** Not now, never, or (`gone`) the browser takes no pushes any more; with the reason in words. */
  | { readonly is: 'failed' | 'for_good' | 'gone'; readonly words: string; readonly retryAfterMs?: number };

/** A point of the curve (P-256): for another one nothing can be encrypted. */
export function isKey(p256dh: string): boolean {
  try {
    ECDH.convertKey(p256dh, 'prime256v1', 'base64url');
    return true;
  } catch {
    return false;
  }
}

const keepForSeconds = 24 * 3_600;
/** Whoever answers later than this keeps others waiting. */
const slowMs = 2_000;
const slowWords = 'The push service answers slowly.';
/** Push services take 4,096 bytes, encrypted; the rest is for the envelope. */
export const pushMaxBytes = 3_500;

/**
 * Hands something to the push service of a browser, in a form that only this browser can read (RFC 8291).
 * Never throws: others wait behind this device.
 * @param deadlineMs  less where others wait for the answer
 */
export async function push(
  { chat, policy, keys, publicUrl, log }: Pick<Notify, 'chat' | 'policy' | 'keys' | 'publicUrl' | 'log'>,
  { endpoint, p256dh, auth }: Pick<Subscription, 'endpoint' | 'p256dh' | 'auth'>,
  what: Pushed,
  deadlineMs = 10_000,
): Promise<PushOutcome> {
  if (!isKey(p256dh)) return { is: 'for_good', words: goneWords };
  const began = performance.now();
  try {
    const { headers, body } = webPush.generateRequestDetails(
      { endpoint, keys: { p256dh, auth } },
      JSON.stringify(what),
      {
        vapidDetails: {
          subject: publicUrl?.startsWith('https:') ? publicUrl : 'mailto:carpenter@localhost',
          publicKey: keys.publicKey,
          privateKey: keys.privateKey,
        },
        TTL: keepForSeconds,
        urgency: what.kind === 'read' ? 'low' : 'high',
        // what is still waiting there for the same conversation is replaced
        ...(what.kind !== 'test' && { topic: what.conversationId.replaceAll('-', '') }),
        contentEncoding: 'aes128gcm',
      },
    );
    const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const { status, headers: said } = await askOutside(
      endpoint,
      { method: 'POST', headers: sent, body: body ?? undefined, deadlineMs, redirects: 0, maxBytes: 1_000 },
      policy,
    );
    const outcome = outcomeOf(status, said['retry-after']);
    // while this node is late itself, it is no fault of theirs
    const slow = performance.now() - began > slowMs && !chat.pressure.late();
    return outcome.is === 'taken' && slow ? { is: 'taken', words: slowWords } : outcome;
  } catch (error) {
    if (!(error instanceof NotReached)) {
      log.error({ err: error }, 'a push could not be made');
      return { is: 'failed', words: 'This server could not make the push; its log says why.' };
    }
    return { is: error.kind === 'refused' ? 'for_good' : 'failed', words: error.message };
  }
}

/** Nobody finds out otherwise why a browser stayed silent. */
const goneWords = 'This browser takes no pushes any more. Turn notifications on again there.';

function outcomeOf(status: number, retryAfter: string | undefined): PushOutcome {
  if (status >= 200 && status < 300) return { is: 'taken' };
  if (status === 404 || status === 410) return { is: 'gone', words: goneWords };
  const words = `The push service answered with ${status}.`;
  if (status !== 408 && status !== 429 && status < 500) return { is: 'for_good', words };
  const seconds = Number(retryAfter);
  return { is: 'failed', words, ...(seconds > 0 && { retryAfterMs: Math.min(seconds, 3_600) * 1_000 }) };
}
