import { describe, expect, it } from 'vitest';
import { addressOf } from '../../deliveries/address.js';

describe('an address that mail is sent to', () => {
  it.each(['mei@example.org', '  mei.li+care@mail.example.org ', '美@例子.中国'])('is %j', (text) => {
    expect(addressOf(text)).toBe(text.trim());
  });

  const none = ['a@b.example\r\nBcc: all@b.example', 'a@b.example, c@d.example', '<a@b.example>', 'Mei <a@b.example>', 'nobody', 'a b@c.example', '', null];
  it.each(none)('is not %j', (text) => {
    expect(addressOf(text)).toBeNull();
  });
});
