/**
 * Let the page's engine work on a case: run by Node, and as plain text in a browser.
 *
 * @param {any} Trainer the engine's class
 * @param {any} given
 */
export function work(Trainer, given) {
  const count = given.data.count;
  const data = { inputs: Float64Array.from(given.data.inputs), targets: Float64Array.from(given.data.targets), count };
  const trainer = new Trainer(given.network, given.training, data, Float64Array.from(given.parameters));
  const loss = trainer.lossOverAll();
  const outputs = [...trainer.passOf(null).pass.a[trainer.network.depth]];
  trainer.findGradient(null);
  const gradient = [...trainer.gradient];
  const lossesSeen = [];
  for (let step = 0; step < given.steps; step++) {
    lossesSeen.push(trainer.advance({ rows: given.rows?.[step] ?? null, noise: given.noise?.[step] }));
  }
  return {
    loss,
    outputs,
    gradient,
    losses: lossesSeen,
    parameters: [...trainer.parameters],
    update: [...trainer.update],
  };
}
