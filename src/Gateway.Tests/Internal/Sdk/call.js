// The official SDK as a backend uses it: nothing but the two settings is the relay's. Prints one line of JSON.
import { Fathom } from 'fathom-typescript';

const { RELAY, KEY, SCENARIO } = process.env;
const fathom = new Fathom({ serverURL: RELAY, security: { bearerAuth: KEY } });

const scenarios = {
  async pages() {
    const titles = [];
    for await (const page of await fathom.listMeetings({ teams: ['Sales', 'R&D'] })) {
      for (const meeting of page.result.items) titles.push(meeting.title);
    }
    return titles;
  },

  async parallel() {
    const pages = await Promise.all(Array.from({ length: 5 }, () => fathom.listMeetings({ cursor: 'last' })));
    return pages.map((page) => page.result.items[0].title);
  },

  // The lines of docs/backend.md.
  async document() {
    const { fathomOf } = await import('./sdk.mjs');
    const page = await fathomOf(decodeURIComponent(RELAY.split('/connections/')[1].split('/')[0])).listMeetings({ cursor: 'last' });
    return page.result.items[0].title;
  },

  // The same lines, where the API redirects.
  async redirected() {
    try {
      const { fathomOf } = await import('./sdk.mjs');
      await fathomOf(decodeURIComponent(RELAY.split('/connections/')[1].split('/')[0])).listMeetings({});
      return { statusCode: 0 };
    } catch (error) {
      return { statusCode: error.statusCode };
    }
  },

  async refused() {
    try {
      await fathom.listMeetings({});
      return 'nothing was thrown';
    } catch (error) {
      return { statusCode: error.statusCode, body: JSON.parse(error.body) };
    }
  },

  async webhook() {
    const created = await fathom.createWebhook({ destinationUrl: 'https://app.example.test/hook', triggeredFor: ['my_recordings'], includeSummary: true });
    await fathom.deleteWebhook({ id: created.id });
    return created.url;
  },
};

console.log(JSON.stringify(await scenarios[SCENARIO]()));
