"""Ask whether a locked runtime requirement has a known vulnerability.

Exit code 1 where one has. Without a network nothing can be asked; that is said, and is no failure.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements" / "base.txt"


def main() -> int:
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--requirement",
        str(REQUIREMENTS),
        "--disable-pip",
        "--require-hashes",
    ]
    answer = subprocess.run([*command, "--format=json"], check=False, capture_output=True, text=True)
    try:
        packages = json.loads(answer.stdout)["dependencies"]
    except ValueError:
        reason = (answer.stderr.strip().splitlines() or ["no answer"])[-1]
        print(f"Left out: the audit of dependencies; the vulnerability service did not answer ({reason}).")
        return 0
    found = [(package, flaw) for package in packages for flaw in package.get("vulns", [])]
    for package, flaw in found:
        fixed = ", ".join(flaw["fix_versions"]) or "no version yet"
        print(f"{package['name']} {package['version']}: {flaw['id']}, fixed in {fixed}")
    print(f"Audit: {len(packages)} packages, {len(found)} known vulnerabilities.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
