"""The Postman collection: the journey that is written by hand, then every operation."""

import json

from config import ROOT
from generate import Document
from generate.journey import journey
from generate.postman import bearer, script
from generate.reference import reference

_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_ABOUT = (
    "Abra com o ambiente FinLead. Rode a pasta Jornada inteira, em ordem: cada chamada confere a "
    "resposta. A pasta Referência tem todas as operações, com exemplos."
)
# Of every reply, whatever its status; a file that is sent as asked is itself.
_ENVELOPE = """\
const file = pm.response.code === 200 && pm.response.headers.has("Content-Disposition");
pm.test("o envelope é success, message e data", () => {
  if (file) return;
  const body = pm.response.json();
  pm.expect(Object.keys(body)).to.have.members(["success", "message", "data"]);
  pm.expect(body.success).to.equal(pm.response.code < 400);
  pm.expect(body.message).to.be.a("string").and.not.empty;
});"""


def collection(document: Document) -> str:
    found = {
        "info": {"name": "FinLead API", "description": _ABOUT, "schema": _SCHEMA},
        "auth": bearer("access_token"),
        "event": [script("test", _ENVELOPE.splitlines())],
        "item": [
            {"name": "Jornada", "item": journey(ROOT / "postman" / "journey")},
            {"name": "Referência", "item": reference(document)},
        ],
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
