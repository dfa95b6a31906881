"""Ends the process under a Python that cannot run this code. Imported before everything else.

Written so that Python 3.6 can read it: what is imported afterwards need not be.
"""

import sys

OLDEST = (3, 12)

if sys.version_info < OLDEST:
    found = sys.version.split()[0]
    sys.exit(
        f"A FinLead API precisa do Python 3.12 ou mais novo, e este é o {found}. "
        "Crie o ambiente com outro, por exemplo: python3.12 -m venv .venv"
    )
