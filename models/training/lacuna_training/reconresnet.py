"""ReconResNet: a residual network that takes undersampling artefacts out of a magnitude (Chatterjee et al., 2022)."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F


@dataclass(frozen=True)
class ReconResNetConfig:
    """`head` 'sigmoid' is the published one; 'residual' adds the input to a linear output, which the small network needs."""

    channels: int = 64
    blocks: int = 14
    dropout: float = 0.2
    head: str = 'sigmoid'


# Two halvings: sides must be multiples of this.
MULTIPLE = 4


class ReconResNet(nn.Module):
    """[B, 1, R, N], maximum about 1, sides multiples of 4 -> the same shape; data consistency comes after, outside."""

    def __init__(self, config: ReconResNetConfig):
        super().__init__()
        c = config.channels
        self.residual = config.head == 'residual'
        self.stem = nn.Sequential(nn.ReflectionPad2d(3), nn.Conv2d(1, c, 7), *_normalised(c))
        self.down = nn.Sequential(
            nn.Conv2d(c, 2 * c, 3, stride=2, padding=1),
            *_normalised(2 * c),
            nn.Conv2d(2 * c, 4 * c, 3, stride=2, padding=1),
            *_normalised(4 * c),
        )
        self.body = nn.Sequential(*(Block(4 * c, config.dropout) for _ in range(config.blocks)))
        self.up = nn.Sequential(
            nn.ConvTranspose2d(4 * c, 2 * c, 3, stride=2, padding=1, output_padding=1),
            *_normalised(2 * c),
            nn.ConvTranspose2d(2 * c, c, 3, stride=2, padding=1, output_padding=1),
            *_normalised(c),
        )
        self.head = nn.Sequential(nn.ReflectionPad2d(3), nn.Conv2d(c, 1, 7))
        if self.residual:
            nn.init.zeros_(self.head[1].weight)
            nn.init.zeros_(self.head[1].bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.head(self.up(self.body(self.down(self.stem(x)))))
        return x + y if self.residual else torch.sigmoid(y)


class Block(nn.Module):
    def __init__(self, c: int, dropout: float):
        super().__init__()
        self.body = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(c, c, 3),
            *_normalised(c),
            nn.Dropout2d(dropout),
            nn.ReflectionPad2d(1),
            nn.Conv2d(c, c, 3),
            nn.InstanceNorm2d(c),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.body(x)


def _normalised(c: int) -> tuple[nn.Module, nn.Module]:
    return nn.InstanceNorm2d(c), nn.PReLU()


def restore(network: nn.Module, image: torch.Tensor) -> torch.Tensor:
    """[B, 1, R, N] of any sides: the last row and column are repeated up to the next multiple of 4, and cut off again."""
    rows, columns = image.shape[-2:]
    padded = F.pad(image, (0, -columns % MULTIPLE, 0, -rows % MULTIPLE), mode='replicate')
    return network(padded)[..., :rows, :columns]
