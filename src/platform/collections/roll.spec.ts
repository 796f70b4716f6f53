import { describe, expect, it } from '@jest/globals';
import { Roll } from './roll.js';

class Member {
  place = -1;
  constructor(readonly name: string) {}
}

const members = (count: number): Member[] => Array.from({ length: count }, (_, index) => new Member(`m${index}`));
const names = (roll: Roll<Member>): string[] => Array.from(roll, ({ name }) => name).sort();

describe('a roll', () => {
  it('holds what was added and not deleted, whatever the order', () => {
    const roll = new Roll<Member>();
    const all = members(100);
    for (const member of all) roll.add(member);
    const gone = all.filter((_, index) => (index * 37) % 100 < 60);
    for (const member of gone) expect(roll.delete(member)).toBe(true);
    expect(names(roll)).toEqual(
      all
        .filter((member) => !gone.includes(member))
        .map(({ name }) => name)
        .sort(),
    );
    expect(roll.size).toBe(40);
  });

  it('knows who does not stand on it: deleted before, never added, or on another one', () => {
    const [one, other] = [new Roll<Member>(), new Roll<Member>()];
    const [here, there, nowhere] = [new Member('here'), new Member('there'), new Member('nowhere')];
    one.add(here);
    other.add(there);
    expect(one.delete(there)).toBe(false);
    expect(one.delete(nowhere)).toBe(false);
    expect(one.delete(here)).toBe(true);
    expect(one.delete(here)).toBe(false);
    expect(names(other)).toEqual(['there']);
  });

  it('takes a member again that it has deleted', () => {
    const roll = new Roll<Member>();
    const member = new Member('back');
    roll.add(member);
    roll.delete(member);
    roll.add(member);
    expect(names(roll)).toEqual(['back']);
  });

  it('can be gone through while each one leaves, and newcomers wait for the next time', () => {
    const roll = new Roll<Member>();
    for (const member of members(5)) roll.add(member);
    const met: string[] = [];
    for (const member of roll) {
      met.push(member.name);
      roll.delete(member);
      roll.add(new Member(`after ${member.name}`));
    }
    expect(met.sort()).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
    expect(roll.size).toBe(5);
  });
});
