"""Write tests/parity/torch_net.safetensors: what PyTorch answers, for the tests that compare the Keras CNN with it.

Run it where PyTorch is installed; the tests themselves need only the file:

    python -m venv /tmp/torch && /tmp/torch/bin/pip install torch numpy safetensors
    /tmp/torch/bin/python scripts/make_torch_parity.py

The net is the lecture's `Net`, at full size. Its 431,080 weights are not stored: NumPy's generator makes them from a seed,
here and in the tests. Stored are the inputs, the labels, and PyTorch's logits, loss, gradients and five steps of SGD; of a
large array, a sample of entries and the norm of them all. PyTorch is imported only inside the functions that need it, so
that the tests can use the rest.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

FILE = Path(__file__).parent.parent / "tests" / "parity" / "torch_net.safetensors"
SEED, IMAGES, STEPS, LR, MOMENTUM = 2024, 8, 5, 0.01, 0.5
SAMPLED = 300  # entries of each array that are kept
SHAPES = {
    "conv1.weight": (20, 1, 5, 5),
    "conv1.bias": (20,),
    "conv2.weight": (50, 20, 5, 5),
    "conv2.bias": (50,),
    "fc1.weight": (500, 800),
    "fc1.bias": (500,),
    "fc2.weight": (10, 500),
    "fc2.bias": (10,),
}


def lecture_net() -> Any:
    """The lecture's network, with weights of PyTorch's own."""
    import torch.nn.functional as F  # noqa: N812 - the lecture's name
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(1, 20, 5, 1)
            self.conv2 = nn.Conv2d(20, 50, 5, 1)
            self.fc1 = nn.Linear(4 * 4 * 50, 500)
            self.fc2 = nn.Linear(500, 10)

        def forward(self, x):  # (N, 1, 28, 28)
            x = F.relu(self.conv1(x))  # (N, 20, 24, 24)
            x = F.max_pool2d(x, 2, 2)  # (N, 20, 12, 12)
            x = F.relu(self.conv2(x))  # (N, 50, 8, 8)
            x = F.max_pool2d(x, 2, 2)  # (N, 50, 4, 4)
            x = x.view(-1, 4 * 4 * 50)  # (N, 800), channels first
            x = F.relu(self.fc1(x))  # (N, 500)
            return self.fc2(x)  # (N, 10), logits

    return Net()


def state_dict(seed: int = SEED) -> dict[str, np.ndarray]:
    """PyTorch's own initialisation, U(-1/sqrt(fan_in), 1/sqrt(fan_in)) for weights and biases, drawn by NumPy."""
    rng = np.random.default_rng(seed)
    state, fan_in = {}, 1
    for name, shape in SHAPES.items():
        fan_in = int(np.prod(shape[1:])) if name.endswith("weight") else fan_in
        state[name] = (rng.uniform(-1, 1, shape) / np.sqrt(fan_in)).astype(np.float32)
    return state


def sample(array: np.ndarray) -> np.ndarray:
    """Entries of an array at places that NumPy's generator picks, the same in every run."""
    flat = np.asarray(array).ravel()
    return flat if flat.size <= SAMPLED else flat[np.random.default_rng(flat.size).choice(flat.size, SAMPLED, replace=False)]


def batch() -> tuple[np.ndarray, np.ndarray]:
    """Images (N, 28, 28) uint8 and labels (N,), drawn by NumPy."""
    rng = np.random.default_rng(SEED + 1)
    return rng.integers(0, 256, (IMAGES, 28, 28)).astype(np.uint8), rng.integers(0, 10, IMAGES)


def record() -> dict[str, np.ndarray]:
    """What PyTorch answers, by name."""
    import torch
    import torch.nn.functional as F  # noqa: N812 - the lecture's name

    torch.set_num_threads(1)
    images, labels = batch()
    state = state_dict()
    pixels = torch.tensor(images, dtype=torch.float32)[:, None] / 255  # (N, 1, 28, 28), as ToTensor makes them
    data, target = (pixels - 0.1307) / 0.3081, torch.tensor(labels)
    model = lecture_net()
    model.load_state_dict({name: torch.tensor(value) for name, value in state.items()})
    optimizer = torch.optim.SGD(model.parameters(), lr=LR, momentum=MOMENTUM)
    seen = {
        "images": images,
        "labels": labels,
        "sums of the weights": np.array([value.astype(np.float64).sum() for value in state.values()]),
    }
    losses = []
    model.train()
    for step in range(STEPS):
        optimizer.zero_grad()
        output = model(data)
        loss = F.cross_entropy(output, target)
        loss.backward()
        if step == 0:
            seen["logits"] = output.detach().numpy().copy()
            for name, parameter in model.named_parameters():
                gradient = parameter.grad.numpy().astype(np.float64)
                seen[f"gradient/{name}"] = sample(gradient).astype(np.float32)
                seen[f"gradient norm/{name}"] = np.array(np.linalg.norm(gradient))
        optimizer.step()
        losses.append(loss.item())
    seen["losses"] = np.array(losses)
    for name, parameter in model.named_parameters():
        seen[f"after five steps/{name}"] = sample(parameter.detach().numpy()).copy()
    with torch.no_grad():
        seen["logits after five steps"] = model.eval()(data).numpy().copy()
    return seen


def main() -> None:
    """Write the file."""
    import torch
    from safetensors.numpy import save_file

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=FILE)
    path = parser.parse_args().out
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(record(), path, metadata={"torch": torch.__version__, "numpy": np.__version__})
    print(f"{path}: {path.stat().st_size / 1024:.0f} KB, by PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
