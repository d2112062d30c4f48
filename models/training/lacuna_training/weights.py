"""Weights of checkpoints and of released graphs, and how they are carried over to a network of another shape."""

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper

PREFIX = 'network.'


def averaged_weights(checkpoint: Path) -> dict[str, torch.Tensor]:
    """Moving averages of a run by parameter name."""
    state = torch.load(checkpoint, weights_only=True, map_location='cpu')
    return dict(zip(state['names'], state['average'], strict=True))


def released_weights(graph: Path) -> dict[str, torch.Tensor]:
    """Initialisers of an exported graph by parameter name: training can go on from what was shipped."""
    tensors = onnx.load(str(graph)).graph.initializer
    return {t.name.removeprefix(PREFIX): torch.tensor(numpy_helper.to_array(t)) for t in tensors if t.name.startswith(PREFIX)}


def weights_of(source: Path) -> dict[str, torch.Tensor]:
    """Of a checkpoint or of a released graph (.onnx)."""
    return released_weights(source) if source.suffix == '.onnx' else averaged_weights(source)


def fit(network: torch.nn.Module, weights: dict[str, torch.Tensor], stages: list[int] | None = None, partly: bool = False) -> None:
    """Copy `weights` into `network`. `stages[i]` names the stage of the source that stage i begins as (default: its own number).

    Inputs that the source did not have (a wider condition) begin with zero weights, so that the function is the same at first.
    Raises KeyError for a parameter without a source, ValueError for one that cannot be widened; with `partly`, such parameters are left
    as they are.
    """
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if partly and getattr(weights.get(_source(name, stages)), 'shape', None) != parameter.shape:
                continue
            value = weights[_source(name, stages)]
            if value.shape == parameter.shape:
                parameter.copy_(value)
                continue
            if value.shape[0] != parameter.shape[0] or value.dim() != 2 or value.shape[1] > parameter.shape[1]:
                raise ValueError(f'{name} is {tuple(parameter.shape)}, its source {tuple(value.shape)}')
            parameter.zero_()
            parameter[:, : value.shape[1]] = value


def _source(name: str, stages: list[int] | None) -> str:
    if stages is None or not name.startswith('stages.'):
        return name
    _, index, rest = name.split('.', 2)
    return f'stages.{stages[int(index)]}.{rest}'
