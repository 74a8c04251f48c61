/** The shapes of classes, the same as in the film. */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} k the class
 * @param {number} x
 * @param {number} y
 * @param {number} size half of its width
 * @param {string} color
 * @param {string} edge
 * @param {number} [width] of the edge
 */
export function drawMark(context, k, x, y, size, color, edge, width = 1.3) {
  context.beginPath();
  const shape = k % 5;
  if (shape === 1) context.arc(x, y, size, 0, 7);
  else {
    const corners = [diamond, null, square, up, down][shape];
    corners?.forEach(([dx, dy]) => {
      context.lineTo(x + dx * size, y + dy * size);
    });
    context.closePath();
  }
  context.fillStyle = color;
  context.strokeStyle = edge;
  context.lineWidth = width;
  context.fill();
  context.stroke();
}

const diamond = [
  [0, -1.15],
  [1.15, 0],
  [0, 1.15],
  [-1.15, 0],
];
const square = [
  [-0.9, -0.9],
  [0.9, -0.9],
  [0.9, 0.9],
  [-0.9, 0.9],
];
const up = [
  [0, -1.1],
  [1.1, 0.9],
  [-1.1, 0.9],
];
const down = [
  [0, 1.1],
  [1.1, -0.9],
  [-1.1, -0.9],
];
