"""Behind a real PgBouncer in transaction mode, each transaction meets another server connection."""

import subprocess
import sys

import pytest

from config import ROOT

pytestmark = pytest.mark.xdist_group("faults")


def test_behind_a_pooler_every_reply_is_right_and_no_tenant_is_left_behind() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.pooler", "--seconds", "8"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WRONG" not in done.stdout
    met = [line for line in done.stdout.splitlines() if "prepared name" in line]
    assert any("26000" in line for line in met), (
        "no prepared name was ever lost: nothing was proved"
    )
