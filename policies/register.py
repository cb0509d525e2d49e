"""Write register.md: every rule of the policy, what it rests on, where it stands, and the tests that hold it.

Run from the root of the repository: .venv/bin/python policies/register.py
"""

import json
import re
from pathlib import Path
from typing import Any

from netzraum_standalone.policy.bundle import run_opa

POLICIES = Path(__file__).parent
HEAD = """# Register of the rules

Generated from the rules' own annotations by `policies/register.py`; a test compares. Do not edit.

| rule | what it rests on | where |
| --- | --- | --- |
"""


def register() -> str:
    """The register as text.

    Raises:
        MissingProgram: there is no opa to read the annotations with.
    """
    inspected = json.loads(run_opa(POLICIES, "inspect", "--annotations", "--format", "json", "bundle"))
    rows = sorted(inspected["annotations"], key=lambda row: (row["location"]["file"], row["location"]["row"]))
    return HEAD + "".join(_row(row) for row in rows) + "\n## Tests\n" + "".join(_tests())


def _row(row: dict[str, Any]) -> str:
    notes = row["annotations"]
    says = " ".join(part for part in (f"**{notes['title']}.**", notes.get("description")) if part)
    basis = notes.get("custom", {}).get("basis", "")
    file = row["location"]["file"]
    return f"| {says} | {basis} | [{Path(file).name}]({file}) `{row['path'][-1]['value']}` |\n"


def _tests() -> list[str]:
    parts = []
    for file in sorted((POLICIES / "bundle").rglob("*_test.rego")):
        names = re.findall(r"^test_(\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
        if names:
            listed = "".join(f"- {name.replace('_', ' ')}\n" for name in names)
            path = file.relative_to(POLICIES).as_posix()
            parts.append(f"\n### [{file.name}]({path})\n\n{listed}")
    return parts


if __name__ == "__main__":
    (POLICIES / "register.md").write_text(register(), encoding="utf-8")
