const { createProblem } = require('cloudsched')

exports.problem = createProblem({
  tasks: [{ lengthMi: 90_000 }, { lengthMi: 60_000 }],
  vms: [
    { speedMips: 800, pricePerSecond: 0.02 },
    { speedMips: 400, pricePerSecond: 0.007 },
  ],
})

try {
  createProblem({ tasks: [{ lengthMi: -5 }], vms: [{ speedMips: 800 }] })
} catch (error) {
  exports.error = error
}
