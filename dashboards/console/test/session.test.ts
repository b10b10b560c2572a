import { describe, expect, it } from 'vitest';
import { isShut, mayDo } from '../src/logic/session';

const known = { users: true, signed_in: true, name: '王工', roles: ['approver' as const], rights: ['approve'], csrf: 'x', must_change: false };

describe('a session', () => {
  it('shuts everything where there are users and nobody signed in, or a password has to be changed', () => {
    expect(isShut(null)).toBe(false);
    expect(isShut({ ...known, users: false, signed_in: false })).toBe(false);
    expect(isShut({ ...known, signed_in: false })).toBe(true);
    expect(isShut({ ...known, must_change: true })).toBe(true);
    expect(isShut(known)).toBe(false);
  });
  it('shows the buttons of its rights, and all of them where a token decides', () => {
    expect(mayDo(known, 'approve')).toBe(true);
    expect(mayDo(known, 'acknowledge')).toBe(false);
    expect(mayDo({ ...known, users: false, rights: [] }, 'acknowledge')).toBe(true);
    expect(mayDo(null, 'acknowledge')).toBe(true);
  });
});
