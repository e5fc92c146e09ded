# The rivals of bench/kernels.ts: PyTorch on one thread. Prints the least processor time of each, in milliseconds, as JSON.
import json
import sys
import time

try:
    import torch
except ImportError:
    print(json.dumps({"version": None, "times": {}, "product": 0}))
    sys.exit(0)

torch.set_num_threads(1)
torch.manual_seed(1)


def least(run, repeats):
    for _ in range(3):
        run()
    times = []
    for _ in range(repeats):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return 1000 * min(times)


def gru_step(cell, steps=48, batch=64, features=8, units=64):
    net = cell(features, units, num_layers=2, bidirectional=True)
    head = torch.nn.Linear(2 * units, features)
    optimiser = torch.optim.Adam([*net.parameters(), *head.parameters()], lr=1e-3)
    x, target = torch.randn(steps, batch, features), torch.randn(batch, features)

    def run():
        optimiser.zero_grad()
        states, _ = net(x)
        loss = ((head(states.mean(0)) - target) ** 2).mean()
        loss.backward()
        optimiser.step()

    return run


def maml_iteration(inner_steps, activation, tasks=25, rows=10, sizes=(1, 40, 40, 1), rate=0.01):
    parameters = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        parameters.append((torch.randn(inputs, outputs) * (2 / inputs) ** 0.5).requires_grad_())
        parameters.append(torch.zeros(outputs, requires_grad=True))
    optimiser = torch.optim.Adam(parameters, lr=1e-3)
    x, y, x2, y2 = (torch.randn(tasks, rows, 1) for _ in range(4))

    def net(weights, values):
        for layer in range(0, len(weights), 2):
            values = torch.baddbmm(weights[layer + 1].unsqueeze(1), values, weights[layer])
            if layer < len(weights) - 2:
                values = activation(values)
        return values

    # The sum over the tasks of their mean losses: one call gives the gradients of all tasks.
    def loss_of(weights, values, targets):
        return ((net(weights, values) - targets) ** 2).mean(dim=(1, 2)).sum()

    def run():
        weights = [p.unsqueeze(0).expand(tasks, *p.shape) for p in parameters]
        for _ in range(inner_steps):
            gradients = torch.autograd.grad(loss_of(weights, x, y), weights, create_graph=True)
            weights = [w - rate * g for w, g in zip(weights, gradients)]
        optimiser.zero_grad()
        (loss_of(weights, x2, y2) / tasks).backward()
        optimiser.step()

    return run


a, b = torch.randn(3072, 128), torch.randn(128, 192)
times = {"gru": least(gru_step(torch.nn.GRU), 12), "lstm": least(gru_step(torch.nn.LSTM), 12)}
for name, activation in (("relu", torch.relu), ("tanh", torch.tanh)):
    times[f"maml-{name}-1"] = least(maml_iteration(1, activation), 60)
    times[f"maml-{name}-5"] = least(maml_iteration(5, activation), 25)
product = 2 * 3072 * 128 * 192 / least(lambda: torch.mm(a, b), 20) / 1e6
print(json.dumps({"version": torch.__version__, "times": times, "product": product}))
