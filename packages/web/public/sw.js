// Shows what comes while no page is open, and does what can be done from there: open, answer, mark as read.
// It keeps nothing: no pages, no tokens. For an answer it takes the session up as a page does, by the browser's cookie.

const words = {
  reply: 'Reply',
  replyHere: 'Write an answer',
  read: 'Mark as read',
  hidden: 'New message',
  attachment: 'Sent something',
  inGroup: (sender, name) => `${sender} in ${name}`,
  inThread: (sender, name) => (name ? `${sender} in a thread of ${name}` : `${sender} in a thread`),
  testTitle: 'Notifications work',
  testBody: 'This is how it looks when somebody writes to you.',
  notSent: 'Your answer was not sent',
  notSentBody: text => `Open the conversation and try again: ${text}`,
};
const looks = { icon: '/icon-192.png', badge: '/badge-96.png' };

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));

self.addEventListener('push', event => {
  event.waitUntil(told(event.data?.json() ?? {}));
});

async function told(what) {
  if (what.kind === 'read') await close(what.conversationId);
  else if (what.kind === 'test')
    await show(words.testTitle, { body: words.testBody, tag: 'test', data: { path: '/settings' } });
  else if (what.kind === 'message' && !(await somebodyLooks())) {
    const { conversationId, path, seq, sender, name, text, thread } = what;
    await show(thread ? words.inThread(sender, name) : name ? words.inGroup(sender, name) : sender, {
      body: text === undefined ? words.hidden : text || words.attachment,
      tag: conversationId, // one for each conversation: the newest
      renotify: true,
      data: { conversationId, seq, path },
      actions: [
        { action: 'reply', type: 'text', title: words.reply, placeholder: words.replyHere },
        { action: 'read', title: words.read },
      ],
    });
  }
  await countOnIcon();
}

const show = (title, options) => self.registration.showNotification(title, { ...looks, ...options });

/** A page that somebody sits in front of tells by itself. */
async function somebodyLooks() {
  const pages = await self.clients.matchAll({ type: 'window' });
  return pages.some(page => page.focused);
}

async function close(tag) {
  for (const note of await self.registration.getNotifications({ tag })) note.close();
}

async function countOnIcon() {
  const notes = await self.registration.getNotifications();
  await self.navigator.setAppBadge?.(notes.length).catch(() => {}); // not every system has one
}

self.addEventListener('notificationclick', event => {
  const { conversationId, seq, path } = event.notification.data ?? {};
  event.notification.close();
  if (event.action === 'read') event.waitUntil(markRead(conversationId, seq));
  else if (event.action === 'reply' && event.reply) event.waitUntil(answer(conversationId, seq, path, event.reply));
  else event.waitUntil(open(path ?? '/'));
});
self.addEventListener('notificationclose', event => event.waitUntil(countOnIcon()));

/** In the page that is there, else in a new one. */
async function open(path) {
  const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!page) return self.clients.openWindow(path);
  await page.focus().catch(() => {}); // allowed only shortly after the click
  page.postMessage({ type: 'open', path });
}

const markRead = (conversationId, seq) =>
  call('PUT', `/conversations/${conversationId}/read`, { seq }).then(countOnIcon);

async function answer(conversationId, seq, path, text) {
  try {
    await call('POST', `/conversations/${conversationId}/messages`, { clientId: crypto.randomUUID(), text });
    await markRead(conversationId, seq);
  } catch {
    await show(words.notSent, {
      body: words.notSentBody(text),
      tag: conversationId,
      data: { conversationId, seq, path },
    });
  }
}

async function call(method, path, body) {
  const request = (to, how, token) =>
    fetch(`/api/v1${to}`, {
      method: how.method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(how.body),
    });
  const session = await request('/auth/refresh', { method: 'POST', body: {} });
  if (!session.ok) throw new Error('nobody is signed in here');
  const { accessToken } = await session.json();
  const done = await request(path, { method, body }, accessToken);
  if (!done.ok) throw new Error(`${done.status}`);
}

// The push service gave this browser another address.
self.addEventListener('pushsubscriptionchange', event => {
  event.waitUntil(
    (async () => {
      const options = event.oldSubscription?.options ?? { userVisibleOnly: true };
      const fresh = event.newSubscription ?? (await self.registration.pushManager.subscribe(options));
      const { endpoint, keys } = fresh.toJSON();
      await call('PUT', '/push/devices', { endpoint, keys });
    })().catch(() => {}), // the next page that opens does it
  );
});
