"""Muon: momentum, orthogonalised, for the weights of dense layers (Jordan et al. 2024; scaled as in arXiv 2502.16982).

A matrix's update has all its singular values near 1, so that rare directions are learned as fast as common ones.
"""

import torch
from torch import Tensor


class Muon(torch.optim.Optimizer):
    """For weights of two or more dimensions, seen as (outputs, everything else)."""

    def __init__(self, parameters, lr: float, momentum: float = 0.95, weight_decay: float = 0.0):
        super().__init__(parameters, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                gradient = parameter.grad.flatten(1)
                state = self.state[parameter]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(gradient)
                momentum = state["momentum"].mul_(group["momentum"]).add_(gradient)
                update = orthogonal(gradient + group["momentum"] * momentum)
                # As large, by root mean square, as AdamW's updates are.
                scale = 0.2 * max(gradient.shape) ** 0.5
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.sub_(update.view_as(parameter), alpha=group["lr"] * scale)


def orthogonal(matrix: Tensor, steps: int = 5) -> Tensor:
    """The matrix with its singular values moved near 1, by Newton and Schulz's iteration."""
    x = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        squared = x @ x.T
        x = 3.4445 * x + (-4.7750 * squared + 2.0315 * squared @ squared) @ x
    return x if matrix.shape[0] <= matrix.shape[1] else x.T
