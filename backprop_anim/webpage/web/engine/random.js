/** Seeded random numbers: the generator sfc32 of PractRand (Chris Doty-Humphrey), its state filled by splitmix32. */
export class Random {
  /** @param {number} seed a whole number */
  constructor(seed) {
    let state = seed >>> 0;
    const fill = () => {
      state = (state + 0x9e3779b9) | 0;
      let t = state ^ (state >>> 16);
      t = Math.imul(t, 0x21f0aaad);
      t ^= t >>> 15;
      t = Math.imul(t, 0x735a2d97);
      return t ^ (t >>> 15);
    };
    this.a = fill();
    this.b = fill();
    this.c = fill();
    this.counter = 1;
    /** @type {number | null} the other number of the last pair */
    this.spare = null;
    for (let k = 0; k < 12; k++) this.next();
  }

  /** @returns {number} 32 random bits as a whole number from 0 */
  next() {
    const t = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return t >>> 0;
  }

  /** @returns {number} evenly from 0 up to, but not, 1, in steps of 2⁻⁵³ */
  uniform() {
    return ((this.next() >>> 5) * 67108864 + (this.next() >>> 6)) / 9007199254740992;
  }

  /**
   * @param {number} n
   * @returns {number} a whole number from 0 up to, but not, n
   */
  below(n) {
    return Math.floor(this.uniform() * n);
  }

  /** @returns {number} standard normal, by the polar method of Marsaglia */
  normal() {
    if (this.spare !== null) {
      const kept = this.spare;
      this.spare = null;
      return kept;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const factor = Math.sqrt((-2 * Math.log(s)) / s);
        this.spare = v * factor;
        return u * factor;
      }
    }
  }
}
