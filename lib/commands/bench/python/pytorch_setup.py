"""What the PyTorch workloads share: threads, memory layout and bfloat16."""

import platform

import torch

BATCH = 8


def set_up(threads: int) -> dict:
    """Fixes the threads; gives them back with the versions."""
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    return {"threads": torch.get_num_threads(), "torch": torch.__version__, "python": platform.python_version()}


def lay_out(value, mode: str):
    """Puts a module or a batch of pictures into the memory layout of the mode."""
    return value if mode == "eager" else value.to(memory_format=torch.channels_last)


def precision(mode: str):
    """The context of the forward pass. Losses and optimisers stay outside it, in float32."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=mode == "bf16")


def count_parameters(*modules: torch.nn.Module) -> int:
    """Trainable values."""
    return sum(value.numel() for module in modules for value in module.parameters() if value.requires_grad)
