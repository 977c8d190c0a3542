// A short dialogue that the two phones hold by themselves when a visitor comes for the first time: real key strokes' worth of
// input in the real composers, sent by the real buttons, over the real server. The first touch of a visitor ends it.
const PLAYED_KEY = 'parley.demo.dialogue-played';
const START_DELAY_MS = 900;
const POLL_MS = 150;
const MAX_WAIT_MS = 20000;
const KEY_MS = 45;
const PAUSE_MS = 700;

const LINES = {
  'en-US': [
    [0, 'Kettle is on. Are you coming over?'],
    [1, 'On my way, with cake'],
    [0, 'Best news today'],
  ],
  'zh-CN': [
    [0, '水烧好了，你过来吗？'],
    [1, '在路上了，还带了蛋糕'],
    [0, '今天最好的消息'],
  ],
};

class Stopped extends Error {}

/** Plays once for each browser (`?play` plays again). Returns what stops it. */
export function playDialogue(frames, locale) {
  const isAsked = new URLSearchParams(location.search).has('play');
  if (localStorage.getItem(PLAYED_KEY) !== null && !isAsked) {
    return () => {};
  }
  let isStopped = false;
  let ownInput = false;
  const stop = () => {
    isStopped = true;
  };

  const wait = async (ms) => {
    await new Promise((done) => setTimeout(done, ms));
    if (isStopped) {
      throw new Stopped();
    }
  };

  /** Whatever the visitor does in a phone ends the play; its own input does not. */
  const watch = (frame) => {
    const page = frame.contentDocument;
    for (const event of ['pointerdown', 'keydown', 'focusin', 'input', 'wheel']) {
      page.addEventListener(
        event,
        () => {
          if (!ownInput) {
            stop();
          }
        },
        { capture: true, passive: true },
      );
    }
  };

  const composerOf = async (frame) => {
    for (let waited = 0; waited < MAX_WAIT_MS; waited += POLL_MS) {
      const box = frame.contentDocument?.querySelector('textarea');
      if (box) {
        return box;
      }
      await wait(POLL_MS);
    }
    throw new Stopped();
  };

  const put = (box, text) => {
    ownInput = true;
    box.value = text;
    box.dispatchEvent(new Event('input', { bubbles: true }));
    ownInput = false;
  };

  /** The button right of the composer: the last one of the page that follows it. */
  const sendButtonOf = (box) =>
    [...box.ownerDocument.querySelectorAll('button, [role="button"]')]
      .filter((button) => box.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING)
      .at(-1);

  const say = async (frame, text) => {
    const box = await composerOf(frame);
    let typed = '';
    try {
      for (const letter of text) {
        typed += letter;
        put(box, typed);
        await wait(KEY_MS);
      }
      await wait(PAUSE_MS / 2);
      ownInput = true;
      sendButtonOf(box)?.click();
      ownInput = false;
    } catch (error) {
      // The visitor took over: leave no half sentence behind, unless the visitor wrote something else already.
      if (box.value === typed) {
        put(box, '');
      }
      throw error;
    }
  };

  const play = async () => {
    for (const frame of frames) {
      await composerOf(frame);
      watch(frame);
    }
    await wait(START_DELAY_MS);
    localStorage.setItem(PLAYED_KEY, new Date().toISOString());
    for (const [seat, text] of LINES[locale] ?? LINES['en-US']) {
      await say(frames[seat], text);
      await wait(PAUSE_MS);
    }
  };

  play().catch((error) => {
    if (!(error instanceof Stopped)) {
      throw error;
    }
  });
  return stop;
}
