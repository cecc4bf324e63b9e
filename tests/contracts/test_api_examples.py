"""The programs of the documentation run against a site, and find something."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

import pytest

from cms.partners.services import issue
from tests.contracts.sources import ROOT
from tests.contracts.test_api_client import make_content

PAGE = (ROOT / "docs/how-to/use-the-api.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.django_db(transaction=True)
def test_the_programs_of_the_documentation_run(live_server: Any) -> None:
    make_content()
    _key, secret = issue(name="Reader of the documentation")
    assert len(PROGRAMS) == 5
    printed = []
    for program in PROGRAMS:
        source = program.replace("http://127.0.0.1:8000", live_server.url)
        command = [sys.executable, "-c", source.replace("urlopen(address)", "urlopen(here(address))")]
        command[-1] = f"here = lambda address: address.replace('http://testserver', '{live_server.url}')\n{command[-1]}"
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, env=os.environ | {"API_KEY": secret}, timeout=60
        )
        printed.append(done.stdout)
    assert "Kazakhstan" in printed[0] or "Казахстан" in printed[0]
    assert not printed[1].startswith("0 ")
    assert "Hale et al." in printed[2]
    assert "480w" in printed[3] or "64w" in printed[3]
    assert "bytes" in printed[4]
