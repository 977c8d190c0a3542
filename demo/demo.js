// The page at `/`: two phones (or one, or a tablet), each a frame with the app in it, signed in as a demo user.
import { playDialogue } from './dialogue.js';

const DEMO_PASSWORD = 'parley-demo';
const ROOM = 'Tea room';
const PHONE = { width: 360, height: 744 };
const TABLET = { width: 1024, height: 720 };
const SEATS = {
  left: { user: 'Ann', profile: 'left' },
  right: { user: 'Bo', profile: 'right' },
};

const stage = document.getElementById('stage');
const switches = document.querySelector('.switches');

/** The address of the app for one seat; see docs/FIDELITY.md for what the query says. */
function appUrl(seat, device, theme, locale) {
  const query = new URLSearchParams({
    device,
    colorMode: theme,
    locale,
    profile: seat.profile,
    'p.serverAddress': location.origin,
    'p.signInName': seat.user,
    'p.signInPassword': DEMO_PASSWORD,
    'p.openRoom': ROOM,
  });
  return `app/?${query}`;
}

function frame(seat, device, theme, locale) {
  const size = device === 'tablet' ? TABLET : PHONE;
  const figure = document.createElement('figure');
  const bezel = document.createElement('div');
  bezel.className = `bezel ${device}`;
  const view = document.createElement('iframe');
  view.title = `${seat.user}'s ${device}`;
  view.name = seat.profile;
  view.width = String(size.width);
  view.height = String(size.height);
  view.src = appUrl(seat, device, theme, locale);
  const caption = document.createElement('figcaption');
  const name = document.createElement('strong');
  name.textContent = seat.user;
  caption.append(name, `'s ${device}`);
  bezel.append(view);
  figure.append(bezel, caption);
  return { figure, view };
}

function choice(name) {
  return switches.querySelector(`[data-name="${name}"] [aria-pressed="true"]`).value;
}

let stopDialogue = () => {};

function render() {
  stopDialogue();
  const theme = choice('theme');
  const locale = choice('locale');
  document.documentElement.dataset.theme = theme;
  const device = choice('view') === 'tablet' ? 'tablet' : 'phone';
  const seats = choice('view') === 'two' ? [SEATS.left, SEATS.right] : [SEATS.left];
  const frames = seats.map((seat) => frame(seat, device, theme, locale));
  stage.replaceChildren(...frames.map((each) => each.figure));
  const alone = new URLSearchParams({ device, colorMode: theme, locale, 'p.serverAddress': location.origin });
  document.getElementById('signin').href = `app/?${alone}`;
  if (frames.length === 2) {
    stopDialogue = playDialogue(
      frames.map((each) => each.view),
      locale,
    );
  }
}

switches.addEventListener('click', (event) => {
  const chosen = event.target.closest('button');
  if (chosen === null || chosen.getAttribute('aria-pressed') === 'true') {
    return;
  }
  for (const button of chosen.parentElement.children) {
    button.setAttribute('aria-pressed', String(button === chosen));
  }
  render();
});
render();
