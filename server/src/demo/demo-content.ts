/** What `DEMO=1` shows. Everybody can read the password here: never set DEMO where strangers reach the server. */
export const DEMO_PASSWORD = 'parley-demo';

export const DEMO_USERS = ['Ann', 'Bo', 'Cy', '小美'] as const;

export type DemoUser = (typeof DEMO_USERS)[number];

export interface DemoLine {
  readonly from: DemoUser;
  /** Minutes before the server's first start. */
  readonly minutesAgo: number;
  readonly text: string;
}

export interface DemoRoom {
  readonly name: string;
  /** The first one creates the room. */
  readonly members: readonly DemoUser[];
  readonly lines: readonly DemoLine[];
}

export const DEMO_ROOMS: readonly DemoRoom[] = [
  {
    name: 'Tea room',
    members: ['Ann', 'Bo'],
    lines: [
      { from: 'Bo', minutesAgo: 1490, text: 'The new kettle is here 🎉' },
      { from: 'Ann', minutesAgo: 1488, text: 'Finally! Does it really keep 80 degrees?' },
      { from: 'Bo', minutesAgo: 1485, text: 'It does. I measured it three times, because of course I did.' },
      { from: 'Ann', minutesAgo: 1484, text: 'Then no more burnt sencha.' },
      { from: 'Bo', minutesAgo: 1480, text: 'I take no responsibility for what happened to the sencha.' },
      { from: 'Ann', minutesAgo: 96, text: 'Morning! Who has the tin with the oolong?' },
      { from: 'Bo', minutesAgo: 91, text: 'Second shelf, behind the biscuits. I hid it well.' },
      { from: 'Ann', minutesAgo: 90, text: 'Found it. And the biscuits.' },
      { from: 'Bo', minutesAgo: 42, text: 'Should we ask Cy to join us this afternoon?' },
      { from: 'Ann', minutesAgo: 40, text: 'Yes, good idea. Cy wanted to show us the photos of the hike anyway.' },
      { from: 'Bo', minutesAgo: 12, text: 'Four o’clock then?' },
      { from: 'Ann', minutesAgo: 9, text: 'Four is perfect. I bring the cake 🍰' },
    ],
  },
  {
    name: 'Weekend hike',
    members: ['Cy', 'Ann', 'Bo', '小美'],
    lines: [
      { from: 'Cy', minutesAgo: 300, text: 'Saturday looks dry. North ridge, about 14 km, two good places to rest.' },
      { from: 'Ann', minutesAgo: 282, text: 'I am in. Which train?' },
      { from: 'Cy', minutesAgo: 279, text: 'The 8:12, so that we are at the top by noon.' },
      { from: '小美', minutesAgo: 230, text: '8:12 works. I bring the small stove.' },
      { from: 'Bo', minutesAgo: 64, text: '14 km is a lot of kilometres. Fine, I am in too.' },
    ],
  },
  {
    name: '设计评审',
    members: ['小美', 'Ann', 'Cy'],
    lines: [
      { from: '小美', minutesAgo: 205, text: '新的深色主题放好了，大家有空看一下。' },
      { from: 'Cy', minutesAgo: 190, text: '列表的对比度好多了 👍' },
      { from: '小美', minutesAgo: 187, text: '谢谢！气泡的圆角我还想再调一下。' },
      { from: 'Ann', minutesAgo: 150, text: 'Looks lovely. The time stamps could be a little lighter.' },
    ],
  },
  {
    name: 'Book club',
    members: ['Bo', 'Cy'],
    lines: [
      { from: 'Bo', minutesAgo: 2900, text: 'Next one: something short, please.' },
      { from: 'Cy', minutesAgo: 2895, text: 'Short stories count as short?' },
    ],
  },
];
