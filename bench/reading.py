"""Reads one file in a process of its own and tells its time and memory as JSON.

`python -m bench.reading FILE [--decode]`; with `--decode` a recording is decoded and not read.
"""

import argparse
import json
import resource
import time
from pathlib import Path

from domain.evidence import Source
from domain.settings import Settings
from models.asr import load_transcriber
from models.lazy import Lazy
from models.ocr import load_ocr
from models.store import ModelStore
from tools.documents import DocumentReader, ReadContext
from tools.sources import HEAD_BYTES, detect_kind


def main(arguments: list[str] | None = None) -> int:
    """Read twice, so that engines are loaded when the second, timed reading begins."""
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--decode", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.decode:
        result: dict[str, float] = {"media_seconds": decode(chosen.file)}
        began = time.perf_counter()
        decode(chosen.file)
        seconds = time.perf_counter() - began
    else:
        source, reader = _source(chosen.file), _reader()
        reader.read(source, chosen.file)
        began = time.perf_counter()
        passages = reader.read(source, chosen.file)
        seconds = time.perf_counter() - began
        result = {"passages": len(passages)}
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest_child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    memory = (own + largest_child) * 1024
    print(json.dumps(result | {"seconds": seconds, "memory": memory}))
    return 0


def _source(path: Path) -> Source:
    with path.open("rb") as stream:
        kind, media_type = detect_kind(path.name, stream.read(HEAD_BYTES))
    return Source(
        source_id="bench",
        file=path.name,
        kind=kind,
        media_type=media_type,
        blob="bench",
        size=path.stat().st_size,
    )


def _reader() -> DocumentReader:
    settings = Settings()
    models = ModelStore(settings.models_path, settings.model_sources)
    ocr = Lazy(lambda: load_ocr(settings))
    transcriber = Lazy(lambda: load_transcriber(settings, models))
    return DocumentReader(ReadContext(settings.limits, ocr.get, transcriber.get))


def decode(path: Path) -> float:
    """Decode every frame of a recording; its length in seconds."""
    import av

    with av.open(str(path)) as container:
        for _frame in container.decode():
            pass
        return (container.duration or 0) / av.time_base


if __name__ == "__main__":
    raise SystemExit(main())
