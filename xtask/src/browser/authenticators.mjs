// What people prove themselves with besides passwords: an authenticator app, and a device that keeps passkeys.

import crypto from 'node:crypto';

/** An authenticator app that was told the secret of the page. */
export class AuthenticatorApp {
  #secret;
  #lastStep = 0;

  constructor(secret) {
    this.#secret = decodeBase32(secret);
  }

  /** A code that was not used yet, for no code works twice (RFC 6238 §5.2): that of the next step where need be. */
  code() {
    const now = Math.floor(Date.now() / 30_000);
    this.#lastStep = Math.max(now, this.#lastStep + 1);
    return codeOf(this.#secret, this.#lastStep);
  }
}

/** Gives the browser of a page a device that keeps passkeys and always agrees. */
export async function addPasskeyDevice(page) {
  const device = await page.context().newCDPSession(page);
  await device.send('WebAuthn.enable');
  await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
}

/** RFC 4648 §6. */
function decodeBase32(text) {
  const digits = [...text.replaceAll(/[\s=]/g, '')].map((digit) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(digit));
  const bits = digits.map((digit) => digit.toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

/** RFC 6238 §4. */
function codeOf(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = crypto.createHmac('sha1', secret).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}
