"""What the process that parses a page shares with the one that ordered it."""

import subprocess
import sys
from pathlib import Path

from domain.evidence import OTHER_GOODS
from tools.foreign import page_parts

ROOT = Path(__file__).parents[3]


def test_both_processes_call_an_advert_the_same():
    assert page_parts.OTHER_GOODS == OTHER_GOODS


def test_the_parsing_process_starts_without_pydantic():
    told = "import sys, tools.foreign.page_parts; print('pydantic' in sys.modules)"
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False"
