"""The lecture's PyTorch program: its Net trains on digits, and what it starts from and reaches is written to a file.

It runs in a process of its own: `python -m dlkit.milestones.torch_net FILE`. Lecture block "A Brief Introduction to PyTorch".
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from dlkit import datasets

EPOCHS, BATCH, RATE, MOMENTUM = 2, 64, 0.01, 0.5  # rate and momentum are the lecture's
MEAN, STD = 0.2244, 0.3493  # of the training images
SETTINGS = {"rate": RATE, "momentum": MOMENTUM, "mean": MEAN, "std": STD}
SEED = 1


def batches(n: int) -> list[np.ndarray[Any, Any]]:
    """The rows of each batch, epoch after epoch."""
    orders = [np.random.default_rng(epoch).permutation(n) for epoch in range(EPOCHS)]
    return [order[start : start + BATCH] for order in orders for start in range(0, n, BATCH)]


def net(torch: Any) -> Any:
    """The Net: two convolutions of 5 x 5 with ReLU and pooling, two linear layers; it gives logits (n, 10)."""
    nn = torch.nn
    parts = {"conv1": nn.Conv2d(1, 20, 5), "conv2": nn.Conv2d(20, 50, 5), "fc1": nn.Linear(800, 500), "fc2": nn.Linear(500, 10)}
    functional = nn.functional

    class Net(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            for name, part in parts.items():
                self.add_module(name, part)

        def forward(self, x: Any) -> Any:
            x = functional.max_pool2d(functional.relu(self.conv1(x)), 2, 2)  # (n, 1, 28, 28) -> (n, 20, 12, 12)
            x = functional.max_pool2d(functional.relu(self.conv2(x)), 2, 2)  # -> (n, 50, 4, 4)
            return self.fc2(functional.relu(self.fc1(torch.flatten(x, 1))))  # -> (n, 800) -> (n, 10)

    return Net()


def trained(torch: Any) -> tuple[dict[str, np.ndarray[Any, Any]], list[float]]:
    """The weights before training, by the names of the state_dict, and the loss of each batch before its step."""
    torch.manual_seed(SEED)
    X, _, y, _ = datasets.digits28()
    images = torch.from_numpy((X.astype(np.float32) / 255 - MEAN)[:, None] / STD).float()  # (n, 1, 28, 28)
    labels = torch.from_numpy(y)
    model = net(torch)
    first = {name: value.detach().numpy().copy() for name, value in model.state_dict().items()}
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=MOMENTUM)
    losses = []
    model.train()
    for rows in batches(len(images)):
        index = torch.from_numpy(rows)
        optimizer.zero_grad()
        error = torch.nn.functional.cross_entropy(model(images[index]), labels[index])
        error.backward()
        optimizer.step()
        losses.append(error.item())
    return first, losses


def main(path: Path) -> None:
    """Train, and write the file."""
    import torch

    first, losses = trained(torch)
    arrays = {f"weights {name}": array for name, array in first.items()}
    digits = len(datasets.digits28().y_train)
    save_file({**arrays, "losses": np.array(losses), "digits": np.array(digits)}, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
