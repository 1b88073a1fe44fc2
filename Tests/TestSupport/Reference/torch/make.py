"""Makes the small files of this folder with PyTorch (2.13), for LegacyTorchFileTests and the fuzzer: python make.py

All hold the tensors of `state()`; what they are says LegacyTorchFileTests. `views.pt` has what no current PyTorch writes
and every one reads: storages that are a part of another, as before version 0.4.
"""

import io
import pickle
import struct
from collections import OrderedDict

import torch
from torch import serialization


def state():
    numbers = torch.arange(12, dtype=torch.float32).reshape(3, 4)
    items = {
        "numbers": numbers,
        "transposed": numbers.t(),
        "row": numbers[1],
        "column": numbers[:, 2],
        "half": torch.tensor([1.5, -2.0], dtype=torch.float16),
        "brain": torch.tensor([[2.0, 1.0, -0.5]], dtype=torch.bfloat16),
        "count": torch.tensor(7),
        "empty": torch.zeros(0, 3),
        "parameter": torch.nn.Parameter(torch.tensor([3.0, 4.0]).repeat(2, 1)[0]),
    }
    ordered = OrderedDict(items)
    ordered._metadata = OrderedDict({"": {"version": 1}})
    return ordered


def legacy(name, value, **options):
    torch.save(value, name, _use_new_zipfile_serialization=False, **options)


def views(name):
    """`numbers` and a view of its second row, in the form with (key of the view, offset, elements)."""
    storage = torch.arange(12, dtype=torch.float32)

    class View:
        def __init__(self, offset, count):
            self.identity = (
                "storage", torch.FloatStorage, "root", "cpu", 12, (f"view-{offset}", offset, count) if count else None
            )

    class Rebuilt:
        def __init__(self, view, offset, size, stride):
            self.arguments = (view, offset, size, stride, False, OrderedDict())

        def __reduce__(self):
            return torch._utils._rebuild_tensor_v2, self.arguments

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            return value.identity if isinstance(value, View) else None

    file = io.BytesIO()
    facts = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}
    for value in (serialization.MAGIC_NUMBER, serialization.PROTOCOL_VERSION, facts):
        pickle.dump(value, file, protocol=2)
    tensors = OrderedDict(numbers=Rebuilt(View(0, 0), 0, (3, 4), (4, 1)), row=Rebuilt(View(4, 4), 0, (4,), (1,)))
    tensors["end"] = Rebuilt(View(6, 6), 4, (2,), (1,))
    Pickler(file, protocol=2).dump(tensors)
    pickle.dump(["root"], file, protocol=2)
    file.write(struct.pack("<q", 12) + storage.numpy().tobytes())
    with open(name, "wb") as out:
        out.write(file.getvalue())
    read = torch.load(name, weights_only=False)
    assert read["row"].tolist() == [4, 5, 6, 7] and read["end"].tolist() == [10, 11], read


torch.save(state(), "zip.pt")
legacy("legacy.pt", state())
legacy("legacy-protocol-4.pt", state(), pickle_protocol=4)
legacy("legacy-wrapped.pt", {"epoch": 3, "state_dict": OrderedDict((f"module.{k}", v) for k, v in state().items())})
legacy("legacy-model.pt", {"model": state(), "loss": 0.25, "steps": [1, 2, None, True]})
views("views.pt")
