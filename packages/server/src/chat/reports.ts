import {
  type Id,
  id,
  may,
  type Report,
  type ReportOutcome,
  type ReportReason,
  refuse,
  type Seq,
  type User,
} from '@carpenter/protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import { v7 } from '../ids.ts';
import { record } from '../store/audit.ts';
import { transaction } from '../store/database.ts';
import { mayRead } from '../store/members.ts';
import { messageAt, messagesAfter } from '../store/messages.ts';
import { countOpen, insertReport, reportsFor, settleReport, settlersOf } from '../store/reports.ts';
import { usersByIds } from '../store/users.ts';
import { withinChars } from '../store/within-chars.ts';
import type { Chat } from './chat.ts';
import { readCursor, writeCursor } from './cursor.ts';

const place = z.object({ before: id });
const contextBefore = 3;
const contextAfter = 2;
const roles = may.moderate;

/**
 * Tells those who moderate that something is wrong with a message, with what stands around it now. Told before: nothing changes.
 * @throws {Refusal} conversation.unknown, message.unknown, message.deleted, report.own, rate.exceeded
 */
export async function reportMessage(
  { store: { db }, bus, allowances }: Chat,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
  { reason, text }: { readonly reason: ReportReason; readonly text: string },
): Promise<void> {
  await allowances.spend('report', actor.userId);
  if (!(await mayRead(db, conversationId, actor.userId))) refuse('conversation.unknown', {});
  const message = await messageAt(db, conversationId, seq);
  if (!message || message.type === 'system') refuse('message.unknown', {});
  if (message.deletedAt) refuse('message.deleted', {});
  if (message.sender === actor.userId) refuse('report.own', {});
  const from = Math.max(0, seq - 1 - contextBefore);
  const context = await messagesAfter(db, conversationId, from, seq - from + contextAfter);
  const reportId = v7();
  const { sender } = message;
  const fresh = { id: reportId, conversationId, seq, sender, reportedBy: actor.userId, reason, text, context };
  if (!(await insertReport(db, fresh))) return;
  const userIds = await settlersOf(db, conversationId, roles, sender);
  bus.publish({ to: 'users', userIds, event: { type: 'report.changed', reportId, open: true } });
}

/** What I may settle, latest first; `open`: how many of them wait, up to 100. @throws {Refusal} cursor.invalid */
export async function listReports(
  { store: { db } }: Chat,
  actor: Actor,
  { state, limit, cursor }: { state: 'open' | 'resolved'; limit: number; cursor?: string | undefined },
): Promise<{ reports: Report[]; users: User[]; open: number; next?: string }> {
  const before = readCursor(cursor, place)?.before;
  const [found, open] = await Promise.all([
    reportsFor(db, actor.userId, roles, state, before, limit + 1),
    countOpen(db, actor.userId, roles),
  ]);
  const reports = withinChars(found.slice(0, limit));
  const last = reports.at(-1);
  const people = reports.flatMap(r => [
    r.sender,
    r.reportedBy,
    r.resolvedBy ?? r.sender,
    ...r.context.map(m => m.sender),
  ]);
  return {
    reports,
    users: await usersByIds(db, [...new Set(people)]),
    open,
    ...(found.length > reports.length && last && { next: writeCursor({ before: last.id }) }),
  };
}

/** @throws {Refusal} report.unknown */
export async function resolveReport(
  { store: { db }, bus }: Chat,
  actor: Actor,
  reportId: Id,
  outcome: ReportOutcome,
): Promise<Report> {
  const settled = await transaction(db, async tx => {
    const settled = await settleReport(tx, actor.userId, roles, reportId, outcome);
    if (settled?.changed) {
      const { conversationId, sender, seq } = settled.report;
      await record(tx, 'report.settled', actor, { userId: sender, conversationId }, { reportId, seq, outcome });
    }
    return settled;
  });
  if (!settled) refuse('report.unknown', {});
  const { report, changed } = settled;
  if (changed) {
    const userIds = await settlersOf(db, report.conversationId, roles, report.sender);
    bus.publish({ to: 'users', userIds, event: { type: 'report.changed', reportId, open: false } });
  }
  return report;
}
