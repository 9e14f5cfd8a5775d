import { describe, expect, it } from 'vitest';
import { world } from '../mock/data';
import { favourites, groups, recents, trouble } from '../src/features/home/model';
import { agentName } from '../src/lib/agent';
import { dateTime, dayPart, longDay } from '../src/lib/time';

const list = world().list;
const one = (change: Partial<(typeof list.items)[number]>) => ({ ...list.items[0]!, state: 'ok' as const, link: 'linked' as const, ...change });

describe('home model', () => {
  it('shows every system exactly once, also one of an unknown category', () => {
    const odd = { ...list, items: [...list.items, one({ id: 'odd', category: 'nowhere' })] };
    const shown = groups(odd, '', false, '其他').flatMap((group) => group.items.map((item) => item.id));
    expect([...shown].sort()).toEqual(odd.items.map((item) => item.id).sort());
  });

  it('narrows to one category and names it in the language', () => {
    const [group, ...rest] = groups(list, 'city', true, '');
    expect(rest).toEqual([]);
    expect(group?.name).toBe('City governance');
  });

  it('lists the last used first and leaves favourites out of them', () => {
    const ids = recents(list.items).map((item) => item.id);
    expect(ids[0]).toBe('qu-integrity');
    expect(ids).not.toContain('qu-oa');
    expect(favourites(list.items)).toHaveLength(4);
  });

  it.each([
    [{ state: 'down', link: 'broken' }, 'down'],
    [{ state: 'maintenance', link: 'unlinked' }, 'maintenance'],
    [{ state: 'slow', link: 'broken' }, 'broken'],
    [{ state: 'slow', link: 'unlinked' }, 'unlinked'],
    [{ state: 'slow', link: 'shared' }, 'slow'],
    [{ state: 'unknown', link: 'not_needed' }, undefined],
  ] as const)('says the worst of %j', (state, said) => {
    expect(trouble(one(state))).toBe(said);
  });
});

describe('time', () => {
  it('writes local time in one format and nothing for no time', () => {
    expect(dateTime('2026-11-21T03:04:05Z')).toMatch(/^2026-11-2\d \d\d:\d\d$/);
    expect(dateTime(null)).toBe('');
    expect(dateTime('soon')).toBe('');
  });

  it('greets by the hour', () => {
    expect([0, 5, 6, 10, 11, 12, 13, 17, 18, 23].map(dayPart)).toEqual([
      'night', 'night', 'morning', 'morning', 'noon', 'noon', 'afternoon', 'afternoon', 'evening', 'evening',
    ]);
  });

  it('sets a space between digits and hanzi', () => {
    expect(longDay(new Date(2026, 10, 21), 'zh-CN')).toBe('11 月 21 日 星期六');
  });
});

describe('agentName', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36 Edg/130.0', 'Edge 130 · Windows'],
    ['Mozilla/5.0 (X11; Linux x86_64; UOS) AppleWebKit/537.36 Chrome/110.0 Safari/537.36', 'Chrome 110 · UOS'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1', 'Safari 18 · iOS'],
    ['curl/8.1', 'curl 8'],
    ['', ''],
  ])('reads %s', (agent, name) => {
    expect(agentName(agent)).toBe(name);
  });
});
