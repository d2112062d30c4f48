"""ReconResNet: a residual network that takes undersampling artefacts out of a magnitude (Chatterjee et al., 2022)."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F


@dataclass(frozen=True)
class ReconResNetConfig:
    """The defaults are the published network.

    `head` 'residual' adds the input to a linear output in place of the sigmoid. `normalisation` 'none' leaves instance normalisation
    and all biases out: the network is then homogeneous of degree 1, so that its input may have any scale, and keeps how
    strong an artefact is. Block i has its second convolution dilated by `dilations[i % len]`. `skips` adds the features of each
    resolution on the way down to those on the way up.
    """

    channels: int = 64
    blocks: int = 14
    dropout: float = 0.2
    head: str = 'sigmoid'
    normalisation: str = 'instance'
    dilations: tuple[int, ...] = (1,)
    skips: bool = False


# Two halvings: sides must be multiples of this.
MULTIPLE = 4


class ReconResNet(nn.Module):
    """[B, 1, R, N], maximum about 1, sides multiples of 4 -> the same shape; data consistency comes after, outside."""

    def __init__(self, config: ReconResNetConfig):
        super().__init__()
        c = config.channels
        after = _Normalised(config.normalisation)
        bias = after.bias
        self.residual = config.head == 'residual'
        self.skips = config.skips
        self.stem = nn.Sequential(nn.ReflectionPad2d(3), nn.Conv2d(1, c, 7, bias=bias), *after(c))
        self.down = nn.ModuleList(
            nn.Sequential(nn.Conv2d(k, 2 * k, 3, stride=2, padding=1, bias=bias), *after(2 * k)) for k in (c, 2 * c)
        )
        dilations = [config.dilations[i % len(config.dilations)] for i in range(config.blocks)]
        self.body = nn.Sequential(*(Block(4 * c, config.dropout, after, dilation) for dilation in dilations))
        self.up = nn.ModuleList(
            nn.Sequential(nn.ConvTranspose2d(2 * k, k, 3, stride=2, padding=1, output_padding=1, bias=bias), *after(k)) for k in (2 * c, c)
        )
        self.head = nn.Sequential(nn.ReflectionPad2d(3), ToOneChannel(c, 1, 7, bias=bias or not self.residual))
        if self.residual:
            for parameter in self.head[1].parameters():
                nn.init.zeros_(parameter)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        finest = self.stem(x)
        half = self.down[0](finest)
        y = self.up[0](self.body(self.down[1](half)))
        y = self.up[1](y + half if self.skips else y)
        y = self.head(y + finest if self.skips else y)
        return x + y if self.residual else torch.sigmoid(y)


class ToOneChannel(nn.Conv2d):
    """A square convolution to one channel. In training it is done column of taps by column of taps, which on CPUs costs a third of the
    time: libraries work on many output channels at once, and have but one here."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return super().forward(x)
        columns = F.conv2d(x, self.weight[0].permute(2, 0, 1)[..., None])
        width = x.shape[-1] - self.kernel_size[1] + 1
        y = sum(columns[:, i : i + 1, :, i : i + width] for i in range(self.kernel_size[1]))
        return y if self.bias is None else y + self.bias[:, None, None]


class Block(nn.Module):
    def __init__(self, c: int, dropout: float, after: '_Normalised', dilation: int):
        super().__init__()
        bias = after.bias
        # Mirrored edges need more pixels than a small image has at a quarter of its resolution: dilated ones are zeros.
        wide = dilation > 1
        last = nn.Conv2d(c, c, 3, dilation=dilation, padding=dilation if wide else 0, bias=bias)
        if not bias:
            # Without normalisation features would grow from block to block: each one begins as the identity.
            nn.init.zeros_(last.weight)
        first = [nn.ReflectionPad2d(1), nn.Conv2d(c, c, 3, bias=bias), *after(c)]
        edge = nn.Identity() if wide else nn.ReflectionPad2d(1)
        self.body = nn.Sequential(*first, nn.Dropout2d(dropout), edge, last, *after(c)[:-1])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.body(x)


class _Normalised:
    """What follows a convolution; its `bias` says whether the convolution has one."""

    def __init__(self, normalisation: str):
        if normalisation not in ('instance', 'none'):
            raise ValueError(f'normalisation is {normalisation!r}, not instance or none')
        self.bias = normalisation == 'instance'

    def __call__(self, c: int) -> list[nn.Module]:
        return [nn.InstanceNorm2d(c), nn.PReLU()] if self.bias else [nn.PReLU()]


def restore(network: nn.Module, image: torch.Tensor) -> torch.Tensor:
    """[B, 1, R, N] of any sides: the last row and column are repeated up to the next multiple of 4, and cut off again."""
    rows, columns = image.shape[-2:]
    padded = F.pad(image, (0, -columns % MULTIPLE, 0, -rows % MULTIPLE), mode='replicate')
    return network(padded)[..., :rows, :columns]
