"""Writes the image's bill of materials as SPDX 2.3 JSON: Debian's packages, and what was built or fetched beside them.

Usage: sbom.py VERSION, inside the image.
"""

import json
import subprocess
import sys
from pathlib import Path


def debian_packages():
    rows = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package}\t${Version}\t${Architecture}\n"], check=True, capture_output=True, text=True
    ).stdout
    for row in rows.splitlines():
        name, version, architecture = row.split("\t")
        yield name, version, f"pkg:deb/debian/{name}@{version}?arch={architecture}"


def other_programs():
    def first_line(*command):
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")[0].strip()

    dropbear = Path("/usr/local/share/doc/dropbear/version").read_text().strip()
    yield "dropbear", dropbear, f"pkg:generic/dropbear@{dropbear}"
    node = first_line("/usr/local/bin/node", "--version").lstrip("v")
    yield "node", node, f"pkg:generic/node@{node}"
    npm = json.loads(Path("/usr/local/lib/node_modules/npm/package.json").read_text())["version"]
    yield "npm", npm, f"pkg:npm/npm@{npm}"
    uv = first_line("/usr/local/bin/uv", "--version").split()[1]
    yield "uv", uv, f"pkg:pypi/uv@{uv}"


def main():
    packages = [
        {
            "SPDXID": f"SPDXRef-Package-{number}",
            "name": name,
            "versionInfo": version,
            "downloadLocation": "NOASSERTION",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}],
        }
        for number, (name, version, purl) in enumerate([*debian_packages(), *other_programs()], start=1)
    ]
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"ws-workspace-{sys.argv[1]}",
        "documentNamespace": f"https://ws.dev/sbom/ws-workspace-{sys.argv[1]}",
        "creationInfo": {"creators": ["Tool: image/sbom.py"], "created": "1970-01-01T00:00:00Z"},
        "packages": packages,
    }
    print(json.dumps(document, indent=1))


main()
