"""Compile the translations that are newer than what was made of them: `python3 deploy/translations.py`.

Standard library only. For installs whose code belongs to another user than the one the portal runs as; otherwise
`manage.py prepare` does the same.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    for source in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        if subprocess.run(["msgfmt", "--check-format", "-o", compiled, source], check=False).returncode:
            sys.exit(f"{source.relative_to(ROOT)} cannot be compiled.")


if __name__ == "__main__":
    main()
