/** A line that somebody drew as samples of a closed curve: points at equal distances along its way. */

/**
 * @param {[number, number][]} line
 * @param {number} count
 * @returns {[number, number][]} points along the closed line, the first being its start
 * @throws {RangeError} if it is no line
 */
export function resampled(line, count) {
  if (
    !Array.isArray(line) ||
    line.length < 3 ||
    !line.every((point) => point.length === 2 && point.every(Number.isFinite))
  ) {
    throw new RangeError("a curve is a list of at least 3 points of two numbers");
  }
  const closed = [...line, line[0]];
  const along = [0];
  for (let k = 1; k < closed.length; k++) {
    along.push(along[k - 1] + Math.hypot(closed[k][0] - closed[k - 1][0], closed[k][1] - closed[k - 1][1]));
  }
  const length = along[along.length - 1];
  if (!(length > 0)) throw new RangeError("a curve is longer than a point");
  let at = 0;
  return Array.from({ length: count }, (_, k) => {
    const wanted = (length * k) / count;
    while (along[at + 1] < wanted) at++;
    const share = (wanted - along[at]) / (along[at + 1] - along[at] || 1);
    const [one, other] = [closed[at], closed[at + 1]];
    return [one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])];
  });
}
